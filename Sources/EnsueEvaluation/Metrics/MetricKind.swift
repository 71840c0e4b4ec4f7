// The names of the figures a run can be judged by; each name exists here only.

/// A figure of an evaluation: to watch for early stopping, to tabulate, to plot.
public enum MetricKind: String, Codable, CaseIterable, Sendable {
  case loss
  case accuracy
  case macroF1
  case macroRecall
  case macroPrecision
  case mse
  case pearson
  case spearman

  /// The measures of classes, the usual ones first.
  public static let ofClasses: [MetricKind] = [.accuracy, .macroF1, .macroRecall, .macroPrecision]
  /// The measures of numbers.
  public static let ofNumbers: [MetricKind] = [.mse, .pearson, .spearman]
  /// Those that tables show, where they are measured.
  public static let tabulated = ofClasses.prefix(3) + ofNumbers

  /// The name as people read it.
  public var title: String {
    switch self {
    case .loss: "loss"
    case .accuracy: "accuracy"
    case .macroF1: "macro F1"
    case .macroRecall: "macro recall"
    case .macroPrecision: "macro precision"
    case .mse: "mean squared error"
    case .pearson: "Pearson"
    case .spearman: "Spearman"
    }
  }

  /// Whether a larger value is a better one.
  public var higherIsBetter: Bool {
    switch self {
    case .loss, .mse: false
    case .accuracy, .macroF1, .macroRecall, .macroPrecision, .pearson, .spearman: true
    }
  }

  /// Whether the value is a share between 0 and 1, shown in per cent.
  public var isShare: Bool {
    switch self {
    case .loss, .mse, .pearson, .spearman: false
    case .accuracy, .macroF1, .macroRecall, .macroPrecision: true
    }
  }

  /// The figure's value in a summary; `NaN` where it is not measured or not defined.
  public func value(in summary: EvaluationSummary) -> Double { summary[self] ?? .nan }

  /// The figure's value in an evaluation.
  public func value(in record: EvaluationRecord) -> Double { value(in: record.summary) }

  /// Whether `candidate` is strictly better than `best`. `NaN` is worse than every number and never better.
  public func isBetter(_ candidate: Double, than best: Double) -> Bool {
    if candidate.isNaN { return false }
    if best.isNaN { return true }
    return higherIsBetter ? candidate > best : candidate < best
  }
}
