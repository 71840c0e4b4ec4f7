// Settings of labels and pairs that have to go together.

import EnsueData
import EnsueEvaluation
import EnsueFiles

extension Failure {
  /// A classifier made for its data was given pairs.
  package static func noPairs(at place: String) -> Failure {
    Failure(
      .usage, at: place, "a pre-trained model for pairs of texts expected, found a classifier made for its data",
      advice: "Fine-tune one with ensue train classify --from FOLDER --pair-column NAME.")
  }
}

extension ClassificationConfiguration {
  /// Refuses pairs and numbers where no pre-trained model is fine-tuned, and a metric that the labels have not.
  func checkLabels() throws(Failure) {
    if !pretrained.isGiven, !data.pairColumn.isEmpty || data.labelKind == .number {
      throw Failure(
        .configuration, at: data.pairColumn.isEmpty ? "data.labelKind" : "data.pairColumn",
        "a pre-trained model for \(data.pairColumn.isEmpty ? "numbers" : "pairs of texts") expected, found none",
        advice: "Name the model with --from.")
    }
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
}
