// What a predictor reaches that remembers nothing: the number a sequence model has to beat.

/// The loss of a predictor without memory, in the unit of the task's `SequenceTargetKind.lossName`.
public struct SequenceBaseline: Sendable, Equatable {
  public let loss: Double
  /// What that predictor does, for a table.
  public let meaning: String

  public init(loss: Double, meaning: String) {
    self.loss = loss
    self.meaning = meaning
  }
}
