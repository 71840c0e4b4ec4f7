// A line of the run log: the finished model on the test data.

/// The result on the test data.
public struct TestEvent: Sendable, Equatable {
  /// Loss and measures.
  public let summary: EvaluationSummary
  /// The counts that the measures of classes come from; nil where numbers are measured.
  public let confusion: ConfusionMatrix?

  public init(summary: EvaluationSummary, confusion: ConfusionMatrix? = nil) {
    self.summary = summary
    self.confusion = confusion
  }

  public init(_ record: EvaluationRecord) {
    self.init(summary: record.summary, confusion: record.metrics.confusion)
  }
}
