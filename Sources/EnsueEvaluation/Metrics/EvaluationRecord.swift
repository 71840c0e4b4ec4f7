// The whole result of evaluating a classifier on one data set.

/// The mean loss of a model over a data set together with its classification metrics.
public struct EvaluationRecord: Sendable, Equatable {
  /// The mean cross-entropy per example, in nats.
  public let loss: Double
  /// Accuracy, macro averages, per-class table and confusion matrix.
  public let metrics: ClassificationMetrics

  /// The number of examples.
  public var count: Int { metrics.count }

  public init(loss: Double, metrics: ClassificationMetrics) {
    self.loss = loss
    self.metrics = metrics
  }

  /// - Parameters:
  ///   - loss: the mean loss per example.
  ///   - confusion: the counts over the same examples.
  public init(loss: Double, confusion: ConfusionMatrix) {
    self.init(loss: loss, metrics: confusion.metrics)
  }

  /// The figures without the table by class, as the run log keeps them for every epoch.
  public var summary: EvaluationSummary {
    EvaluationSummary(
      loss: loss, accuracy: metrics.accuracy, macroF1: metrics.macroF1, macroRecall: metrics.macroRecall,
      macroPrecision: metrics.macroPrecision, count: count)
  }
}
