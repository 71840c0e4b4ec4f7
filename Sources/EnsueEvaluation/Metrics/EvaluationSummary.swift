// The five figures of one evaluation: what a run log keeps for every epoch.

/// Loss, accuracy and macro averages over `count` examples.
public struct EvaluationSummary: Sendable, Equatable {
  /// The mean cross-entropy per example, in nats; may be `NaN` or infinite where training diverged.
  public let loss: Double
  /// Correct predictions / examples.
  public let accuracy: Double
  /// The mean of the classes' F1.
  public let macroF1: Double
  /// The mean of the classes' recalls.
  public let macroRecall: Double
  /// The mean of the classes' precisions.
  public let macroPrecision: Double
  /// The number of examples.
  public let count: Int

  public init(
    loss: Double, accuracy: Double, macroF1: Double, macroRecall: Double, macroPrecision: Double, count: Int
  ) {
    self.loss = loss
    self.accuracy = accuracy
    self.macroF1 = macroF1
    self.macroRecall = macroRecall
    self.macroPrecision = macroPrecision
    self.count = count
  }
}
