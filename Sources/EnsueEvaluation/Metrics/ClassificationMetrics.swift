// What a confusion matrix says, with scikit-learn's conventions (`precision_recall_fscore_support` with
// `labels=None, zero_division=0`): see Tests/Goldens/metrics.py.

/// Accuracy, macro averages and per-class precision, recall, F1 and support.
///
/// **Which classes are averaged.** As in scikit-learn with `labels=None`, a macro average is the unweighted mean over
/// the classes that occur in truth or in prediction. A class that is only predicted, or never predicted, counts with
/// its zeros; a class that appears in neither is listed in `classes` but not averaged.
///
/// **Division by zero** gives 0 (`zero_division=0`). Over no examples at all every figure is 0.
public struct ClassificationMetrics: Sendable, Equatable {
  /// The counts the figures come from.
  public let confusion: ConfusionMatrix
  /// One entry a class, in the order of the labels.
  public let classes: [ClassMetrics]
  /// Correct predictions / examples.
  public let accuracy: Double
  /// The mean of the classes' precisions.
  public let macroPrecision: Double
  /// The mean of the classes' recalls.
  public let macroRecall: Double
  /// The mean of the classes' F1 (not the F1 of the mean precision and recall).
  public let macroF1: Double

  /// The number of examples.
  public var count: Int { confusion.total }

  public init(_ confusion: ConfusionMatrix) {
    self.confusion = confusion
    classes = confusion.labels.enumerated().map { index, label in
      ClassMetrics(
        label: label, truePositives: confusion[truth: index, prediction: index],
        support: confusion.truthCount(of: index), predicted: confusion.predictionCount(of: index))
    }
    let total = confusion.total
    accuracy = total == 0 ? 0 : Double(confusion.correct) / Double(total)
    let averaged = classes.filter(\.occurs)
    func mean(_ value: (ClassMetrics) -> Double) -> Double {
      averaged.isEmpty ? 0 : averaged.reduce(0) { $0 + value($1) } / Double(averaged.count)
    }
    macroPrecision = mean(\.precision)
    macroRecall = mean(\.recall)
    macroF1 = mean(\.f1)
  }
}
