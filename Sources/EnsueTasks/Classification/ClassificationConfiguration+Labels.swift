// Settings of labels and pairs that have to go together.

import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueModels

extension Failure {
  /// A classifier of texts by themselves was given pairs.
  package static func noPairs(at place: String) -> Failure {
    Failure(
      .usage, at: place, "a model for pairs of texts expected, found a classifier of texts by themselves",
      advice: "Train one with ensue train classify --pair-column NAME and --model co-attention or --from FOLDER.")
  }
}

extension ClassificationConfiguration {
  /// Refuses pairs and numbers where the model reads none, no pairs where it reads them, and a metric that the labels
  /// have not.
  func checkLabels() throws(Failure) {
    if !pretrained.isGiven { try checkMadeForLabels() }
    let measures = data.labelKind == .number ? MetricKind.ofNumbers : MetricKind.ofClasses
    guard ([.loss] + measures).contains(training.metric) else {
      let names = ([.loss] + measures).map(\.rawValue).joined(separator: ", ")
      throw Failure(
        .configuration, at: "training.metric",
        "one of \(names) expected where labels are \(data.labelKind.summary), found \(training.metric.rawValue)")
    }
    guard data.labelKind == .category || training.labelSmoothing == 0 else {
      throw Failure(
        .configuration, at: "training.labelSmoothing",
        "0 expected where labels are numbers, found \(training.labelSmoothing)")
    }
  }

  /// The same of a classifier that is made for its data.
  private func checkMadeForLabels() throws(Failure) {
    guard data.labelKind == .category else {
      throw Failure(
        .configuration, at: "data.labelKind", "a pre-trained model for numbers expected, found none",
        advice: "Name the model with --from.")
    }
    guard data.pairColumn.isEmpty || model.kind.readsPairs else {
      throw Failure(
        .configuration, at: "data.pairColumn",
        "a model for pairs of texts expected, found the classifier \(model.kind.rawValue)",
        advice: "Choose --model co-attention, or name a pre-trained model with --from.")
    }
    guard !data.pairColumn.isEmpty || !model.kind.readsPairs else {
      throw Failure(
        .configuration, at: "data.pairColumn",
        "a column of second texts expected by the classifier \(model.kind.rawValue), found none",
        advice: "Name it with --pair-column.")
    }
  }
}
