// The adding problem: real numbers kept over long distances.
// Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9(8), 1997, experiment 4, in the form of Le,
// Jaitly and Hinton, "A simple way to initialize recurrent networks of rectified linear units", 2015: numbers in 0..<1
// and a plain sum; one marker in each half as in Arjovsky, Shah and Bengio, "Unitary evolution RNNs", ICML 2016.

/// Two inputs a step, a number uniform on 0..<1 and a marker; the answer is the sum of the two marked numbers.
///
/// One marker stands in the first half, `0..<length / 2`, and one in the second, each place equally likely; the marker is
/// 1 there and 0 elsewhere.
public struct AddingProblem: SequenceTask {
  public let length: Int
  /// Whether lengths vary from T to T + ⌊T/10⌋, as in 1997, each equally likely.
  public let lengthsVary: Bool
  public let seed: UInt64

  /// - Parameter length: T, at least 2.
  /// - Throws: `Failure` of kind `configuration` when it is out of range.
  public init(length: Int = 100, lengthsVary: Bool = false, seed: UInt64 = 1) throws {
    try SequenceTaskSetting.check(length, in: 2...SequenceTaskSetting.longest, "the length of the adding problem")
    (self.length, self.lengthsVary, self.seed) = (length, lengthsVary, seed)
  }

  public var kind: SequenceTaskKind { .adding }
  /// The lengths that occur.
  public var lengths: ClosedRange<Int> { length...(lengthsVary ? length + length / 10 : length) }

  public var summary: String {
    let steps = lengths.count == 1 ? "\(length)" : "\(lengths.lowerBound) to \(lengths.upperBound)"
    return "two marked numbers out of \(steps) added"
  }

  public var inputSize: Int { 2 }
  public var outputSize: Int { 1 }
  public var targetKind: SequenceTargetKind { .numberAtEnd }
  public func count(of part: SequencePart) -> Int? { nil }

  public func example(_ index: Int, of part: SequencePart) -> SequenceExample {
    var random = SplitMix64(seed: seed, task: kind, part: part, index: index)
    let steps = lengths.lowerBound + random.below(lengths.count)
    let half = steps / 2
    let marked = [random.below(half), half + random.below(steps - half)]
    var inputs = [Float](repeating: 0, count: steps * 2)
    for step in 0..<steps { inputs[step * 2] = random.uniform() }
    for step in marked { inputs[step * 2 + 1] = 1 }
    return SequenceExample(
      inputSize: 2, inputs: inputs, target: .number(inputs[marked[0] * 2] + inputs[marked[1] * 2]))
  }

  /// The variance of a sum of two independent uniform numbers, 2 · 1/12.
  public func baseline(on part: SequencePart) -> SequenceBaseline {
    SequenceBaseline(loss: 1.0 / 6, meaning: "always 1: 1/6 ≈ 0.167")
  }
}
