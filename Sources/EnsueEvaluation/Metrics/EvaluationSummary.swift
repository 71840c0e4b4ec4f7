// The figures of one evaluation: what a run log keeps for every epoch.

/// The loss and the measures of classes, or of numbers, over `count` examples.
public struct EvaluationSummary: Sendable, Equatable {
  /// The mean loss per example: of classes the cross-entropy in nats, of numbers the square of the error. May be `NaN` or
  /// infinite where training diverged.
  public let loss: Double
  /// The number of examples.
  public let count: Int
  /// What is measured beside the loss: `MetricKind.ofClasses` or `ofNumbers`.
  public let kinds: [MetricKind]
  private let values: [MetricKind: Double]

  /// - Parameters:
  ///   - kinds: what is measured.
  ///   - values: a measure that is not defined for these examples is not there.
  init(loss: Double, count: Int, kinds: [MetricKind], values: [MetricKind: Double]) {
    (self.loss, self.count, self.kinds, self.values) = (loss, count, kinds, values)
  }

  /// Of classes.
  public init(
    loss: Double, accuracy: Double, macroF1: Double, macroRecall: Double, macroPrecision: Double, count: Int
  ) {
    self.init(
      loss: loss, count: count, kinds: MetricKind.ofClasses,
      values: [
        .accuracy: accuracy, .macroF1: macroF1, .macroRecall: macroRecall, .macroPrecision: macroPrecision,
      ])
  }

  /// Of numbers.
  public init(meanSquaredError: Double, pearson: Double?, spearman: Double?, count: Int) {
    var values: [MetricKind: Double] = [.mse: meanSquaredError]
    (values[.pearson], values[.spearman]) = (pearson, spearman)
    self.init(loss: meanSquaredError, count: count, kinds: MetricKind.ofNumbers, values: values)
  }

  /// A figure; nil where it is not measured or not defined.
  public subscript(kind: MetricKind) -> Double? { kind == .loss ? loss : values[kind] }

  /// Correct predictions / examples; this and the next three are `NaN` where numbers are measured.
  public var accuracy: Double { MetricKind.accuracy.value(in: self) }
  /// The mean of the classes' F1.
  public var macroF1: Double { MetricKind.macroF1.value(in: self) }
  /// The mean of the classes' recalls.
  public var macroRecall: Double { MetricKind.macroRecall.value(in: self) }
  /// The mean of the classes' precisions.
  public var macroPrecision: Double { MetricKind.macroPrecision.value(in: self) }
}
