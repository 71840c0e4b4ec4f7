// A line of the run log: the finished model on the test data.

/// The result on the test data.
public struct TestEvent: Sendable, Equatable {
  /// Loss and averages.
  public let summary: EvaluationSummary
  /// The counts the averages come from.
  public let confusion: ConfusionMatrix

  public init(summary: EvaluationSummary, confusion: ConfusionMatrix) {
    self.summary = summary
    self.confusion = confusion
  }

  public init(_ record: EvaluationRecord) {
    self.init(summary: record.summary, confusion: record.metrics.confusion)
  }
}
