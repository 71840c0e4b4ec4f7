// What decides which weights of a translation model are best.

import EnsueEvaluation

/// A number of a validation: the loss, or a measure of what was translated.
public enum TranslationCriterion: Sendable, Equatable {
  case loss
  case score(TranslationMetricKind)

  private static let lossName = "loss"

  public var higherIsBetter: Bool {
    switch self {
    case .loss: false
    case .score(let kind): kind.higherIsBetter
    }
  }

  /// The number; NaN, which is never the best, where it was not measured.
  func value(in summary: TranslationSummary) -> Double {
    switch self {
    case .loss: summary.loss
    case .score(let kind): summary.scores[kind] ?? .nan
    }
  }
}

extension TranslationCriterion: RawRepresentable, CaseIterable {
  public static var allCases: [TranslationCriterion] {
    [.loss] + TranslationMetricKind.allCases.map { .score($0) }
  }

  public var rawValue: String {
    switch self {
    case .loss: TranslationCriterion.lossName
    case .score(let kind): kind.rawValue
    }
  }

  public init?(rawValue: String) {
    if rawValue == TranslationCriterion.lossName {
      self = .loss
    } else if let kind = TranslationMetricKind(rawValue: rawValue) {
      self = .score(kind)
    } else {
      return nil
    }
  }
}
