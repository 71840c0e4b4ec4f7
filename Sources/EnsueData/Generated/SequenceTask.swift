// What all sequence tasks have in common, so that one trainer runs them. How they are trained, judged and tabulated
// is left to the experiments.

/// A supply of sequences with answers.
///
/// An example is a function of the task's settings, the part and the index alone: asked for twice, in any order, on any
/// thread, it is the same.
public protocol SequenceTask: Sendable {
  var kind: SequenceTaskKind { get }
  /// The settings in words, for a table: `adding two marked numbers of 100 steps`.
  var summary: String { get }
  /// The numbers of one input step.
  var inputSize: Int { get }
  /// The width of the output layer: 1 for a number, else the number of classes, symbols or yes-or-no answers.
  var outputSize: Int { get }
  var targetKind: SequenceTargetKind { get }

  /// How many examples a part has; `nil` when there is no end of them.
  func count(of part: SequencePart) -> Int?

  /// - Precondition: `index` is not negative, and below `count(of: part)` where there is one.
  func example(_ index: Int, of part: SequencePart) -> SequenceExample

  /// The loss that needs no memory, expected over the part (for endless parts: over the distribution).
  func baseline(on part: SequencePart) -> SequenceBaseline
}

extension SequenceTask {
  /// The task's name as one types it.
  public var name: String { kind.rawValue }

  /// The examples at `indices` as one packed batch.
  public func batch(_ indices: [Int], of part: SequencePart) -> SequenceBatch {
    SequenceBatch(indices.map { example($0, of: part) })
  }
}
