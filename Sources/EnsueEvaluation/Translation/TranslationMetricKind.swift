// The names of the measures of translation; each name exists here only.

import EnsueFiles

/// A measure of translation: to watch for early stopping, to tabulate, to ask for by name.
public enum TranslationMetricKind: String, Codable, CaseIterable, Sendable {
  case bleu
  case chrf
  case chrfPlusPlus = "chrf++"
  case ter
  case wordErrorRate = "wer"
  case characterErrorRate = "cer"
  case exactMatch = "exact-match"

  /// The name as people read it.
  public var title: String {
    switch self {
    case .bleu: "BLEU"
    case .chrf: "chrF"
    case .chrfPlusPlus: "chrF++"
    case .ter: "TER"
    case .wordErrorRate: "WER"
    case .characterErrorRate: "CER"
    case .exactMatch: "exact match"
    }
  }

  /// In a line of help.
  public var summary: String {
    switch self {
    case .bleu: "n-grams of words that are right"
    case .chrf: "n-grams of characters"
    case .chrfPlusPlus: "of characters and words"
    case .ter: "edits and shifts for each word of the reference"
    case .wordErrorRate: "edits for each word"
    case .characterErrorRate: "edits for each character"
    case .exactMatch: "lines equal to a reference"
    }
  }

  /// Whether a larger value is a better one.
  public var higherIsBetter: Bool {
    switch self {
    case .bleu, .chrf, .chrfPlusPlus, .exactMatch: true
    case .ter, .wordErrorRate, .characterErrorRate: false
    }
  }

  /// Whether `candidate` is strictly better than `best`. `NaN` is worse than every number and never better.
  public func isBetter(_ candidate: Double, than best: Double) -> Bool {
    if candidate.isNaN { return false }
    if best.isNaN { return true }
    return higherIsBetter ? candidate > best : candidate < best
  }

  /// The measure with these options.
  public func metric(_ options: TranslationMetricOptions = TranslationMetricOptions()) -> any TranslationMetric {
    switch self {
    case .bleu: return options.bleu
    case .chrf: return options.characterF
    case .chrfPlusPlus:
      var metric = options.characterF
      if metric.wordOrder == 0 { metric.wordOrder = 2 }
      return metric
    case .ter: return options.editRate
    case .wordErrorRate: return ErrorRate(.words, lowercases: options.errorRateLowercases)
    case .characterErrorRate: return ErrorRate(.characters, lowercases: options.errorRateLowercases)
    case .exactMatch: return ExactMatch(lowercases: options.errorRateLowercases)
    }
  }

  /// The score of a corpus with the measure's usual options.
  /// - Throws: `Failure` for no lines and for another number of references.
  public func score(
    _ hypotheses: [String], _ references: TranslationReferences,
    options: TranslationMetricOptions = TranslationMetricOptions()
  ) throws(Failure) -> TranslationScore {
    try metric(options).score(hypotheses, references)
  }
}

/// The options of all measures; as made, sacreBLEU's own.
public struct TranslationMetricOptions: Sendable, Equatable {
  public var bleu = BLEU()
  public var characterF = CharacterFScore()
  public var editRate = TranslationEditRate()
  /// Whether word and character error rate and exact match are computed in lower case.
  public var errorRateLowercases = false

  public init() {}

  /// Whether case counts for no measure. TER is in lower case unless told otherwise.
  public mutating func lowercase() {
    bleu.lowercases = true
    characterF.lowercases = true
    editRate.isCaseSensitive = false
    errorRateLowercases = true
  }
}
