// A translation model over pairs: how well it predicts the true translations, and how near its own come to them.

import EnsueData
import EnsueDecoding
import EnsueEvaluation
import EnsueFiles
import EnsueModels

/// Measures translation models.
public struct TranslationEvaluation: Sendable {
  public let summary: TranslationSummary
  /// The measures with their signatures, of all translated pairs.
  public let scores: [TranslationScore]
  /// The likeliest translation of each translated pair's source, in their order.
  public let translations: [TranslatedText]

  /// The measures of a validation: those that one looks at while a model learns, and the one that decides.
  static func kinds(for criterion: TranslationCriterion) -> [TranslationMetricKind] {
    let usual: [TranslationMetricKind] = [.bleu, .chrf, .exactMatch]
    if case .score(let kind) = criterion, !usual.contains(kind) { return usual + [kind] }
    return usual
  }

  /// - Parameters:
  ///   - part: the pairs.
  ///   - sentenceCount: how many of the first are translated; nil for all.
  ///   - kinds: the measures.
  ///   - progress: told batch by batch how many are translated, none while true translations are read; what it throws
  ///     ends the evaluation.
  /// - Throws: `Failure` for sentences that the model has no places for.
  public init(
    of translator: TextTranslator, on part: TranslationPart, sentenceCount: Int? = nil,
    kinds: [TranslationMetricKind] = TranslationMetricKind.allCases, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let model = translator.model
    try PairScoring.checkAttention(
      of: part, model.kind, storesPairs: model.storesPairs, translatedCount: sentenceCount,
      lengths: translator.search.maximumLength)
    let scoring = PairScoring(model: model, codecs: translator.codecs)
    let forced = try scoring.summary(of: part.encoded.pairs) { try progress(0) }
    let count = min(sentenceCount ?? part.pairs.count, part.pairs.count)
    // No limit but the model's own: nobody translates only some of the pairs.
    let sources = part.pairs.prefix(count).map { TranslationInput($0.source, place: part.place) }
    let translations = try translator.likeliest(sources, progress: progress)
    let references = TranslationReferences(part.pairs.prefix(count).map(\.target))
    let texts = translations.map(\.text)
    scores = count == 0 ? [] : try kinds.map { try $0.score(texts, references) }
    self.translations = translations
    summary = TranslationSummary(
      loss: forced.loss, accuracy: forced.accuracy, count: forced.count, sentenceCount: count,
      scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.metric, $0.value) }))
  }
}
