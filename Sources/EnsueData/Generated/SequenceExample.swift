// One sequence of vectors with its answer. Several of them, packed, are a SequenceBatch.

/// A sequence of input vectors and the answer to it.
public struct SequenceExample: Sendable, Equatable {
  /// The numbers of one step.
  public let inputSize: Int
  /// [length, inputSize], step after step.
  public let inputs: [Float]
  public let target: SequenceTarget
  /// The steps whose answers tell whether the task is solved, in `0..<length`. The loss takes every step that has an
  /// answer; accuracy counts these only: the last step where the answer comes at the end, the recalled symbols of
  /// `CopyMemory`, every step of a chorale.
  public let judged: Range<Int>

  /// - Parameter judged: the last step alone when `nil`.
  /// - Precondition: `inputs` is at least one whole step, the target has an answer for each step where its kind asks
  ///   for that, and `judged` lies within the sequence.
  public init(inputSize: Int, inputs: [Float], target: SequenceTarget, judged: Range<Int>? = nil) {
    precondition(
      inputSize > 0 && !inputs.isEmpty && inputs.count.isMultiple(of: inputSize),
      "SequenceExample: \(inputs.count) numbers are not whole steps of \(inputSize)")
    let length = inputs.count / inputSize
    switch target {
    case .number, .classIndex: break
    case .symbols(let symbols):
      precondition(symbols.count == length, "SequenceExample: \(symbols.count) symbols for \(length) steps")
    case .multiHot(let values):
      precondition(
        values.count.isMultiple(of: length), "SequenceExample: \(values.count) answers for \(length) steps")
    }
    let judged = judged ?? (length - 1)..<length
    precondition(
      judged.lowerBound >= 0 && judged.upperBound <= length, "SequenceExample: steps \(judged) of \(length)")
    (self.inputSize, self.inputs, self.target, self.judged) = (inputSize, inputs, target, judged)
  }

  /// The number of steps.
  public var length: Int { inputs.count / inputSize }

  /// The input vector of a step.
  public func input(at step: Int) -> ArraySlice<Float> { inputs[(step * inputSize)..<((step + 1) * inputSize)] }
}
