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
  ///   - isDone: told how many are translated; what it throws ends the evaluation.
  /// - Throws: `Failure` for sentences that the model has no places for.
  public init(
    of translator: TextTranslator, on part: TranslationPart, sentenceCount: Int? = nil,
    kinds: [TranslationMetricKind] = TranslationMetricKind.allCases, progress: (Int) throws -> Void = { _ in }
  ) throws {
    if translator.model.storesPairs { try PairScoring.checkMemory(of: part) }
    let scoring = PairScoring(model: translator.model, codecs: translator.codecs)
    let forced = try scoring.summary(of: part.encoded.pairs)
    let count = min(sentenceCount ?? part.pairs.count, part.pairs.count)
    var translations: [TranslatedText] = []
    var translator = translator
    translator.search.resultCount = 1
    // No limit but the model's own: nobody translates only some of the pairs.
    translator.sourceLimit = .max
    let step = 16 * translator.search.batchSize
    for start in stride(from: 0, to: count, by: step) {
      let pairs = part.pairs[start..<min(start + step, count)]
      translations += try translator.translate(pairs.map { TranslationInput($0.source, place: part.place) }).map {
        $0[0]
      }
      try progress(translations.count)
    }
    let references = TranslationReferences(part.pairs.prefix(count).map(\.target))
    let texts = translations.map(\.text)
    scores = count == 0 ? [] : try kinds.map { try $0.score(texts, references) }
    self.translations = translations
    summary = TranslationSummary(
      loss: forced.loss, accuracy: forced.accuracy, count: forced.count, sentenceCount: count,
      scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.metric, $0.value) }))
  }
}
