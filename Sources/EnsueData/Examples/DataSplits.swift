// The parts of a data set that a run uses.

/// Training, validation and test data over one list of labels.
public struct DataSplits: Sendable, Equatable {
  public let training: LabelledDataset
  /// Decides when to stop; empty when no validation was asked for.
  public let validation: LabelledDataset
  public let test: LabelledDataset?

  /// - Precondition: all parts have the same labels in the same order.
  public init(training: LabelledDataset, validation: LabelledDataset, test: LabelledDataset? = nil) {
    let parts = [training, validation] + (test.map { [$0] } ?? [])
    precondition(
      parts.allSatisfy { $0.labels.map { Array($0.utf8) } == training.labels.map { Array($0.utf8) } },
      "DataSplits: training, validation and test must have the same labels")
    self.training = training
    self.validation = validation
    self.test = test
  }

  public var labels: [String] { training.labels }

  /// The parts that have examples, in the order training, validation, test.
  public var parts: [LabelledDataset] { ([training, validation] + (test.map { [$0] } ?? [])).filter { !$0.isEmpty } }
}
