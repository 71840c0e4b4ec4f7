// Texts in, translations out: what `ensue translate` and the measures of a run do with a model.

import EnsueBundle
import EnsueDecoding
import EnsueFiles
import EnsueModels
import EnsueText

/// A text to translate, and how its translation is to begin.
public struct TranslationInput: Sendable, Equatable {
  public let text: String
  public let prefix: String
  /// Where it is from, for messages.
  public let place: String

  public init(_ text: String, prefix: String = "", place: String = "") {
    (self.text, self.prefix, self.place) = (text, prefix, place)
  }
}

/// A translation of a text.
public struct TranslatedText: Sendable, Equatable {
  public let text: String
  /// Without the end.
  public let ids: [Int32]
  /// What the search ranked by.
  public let score: Double
  public let logProbability: Double
  /// Whether the model ended it itself.
  public let isComplete: Bool
  /// The symbols of the source with its end, and of the translation with its end where the model wrote it.
  public let sourceTokens: [String]
  public let targetTokens: [String]
  /// Whether the last of the source's symbols is its end.
  public let readsSourceEnd: Bool
  /// Symbols of the source that the model read as unknown.
  public let unknownCount: Int
  /// For each head, or one, and each symbol of the translation a weight for each of the source; empty where they were
  /// not asked for, or the model has none.
  public let alignment: [[[Float]]]

  /// The mean of all heads: for each symbol of the translation a weight for each of the source.
  public var meanAlignment: [[Double]] {
    guard let first = alignment.first else { return [] }
    return first.indices.map { row in
      first[row].indices.map { column in
        alignment.reduce(0) { $0 + Double($1[row][column]) } / Double(alignment.count)
      }
    }
  }
}

/// Translates texts.
public struct TextTranslator: Sendable {
  public let model: AnyTranslationModel
  public let codecs: TranslationCodecs
  public var search: TranslationSearch
  /// Symbols of a source at most.
  public var sourceLimit = 1024
  /// What to do where a text has more.
  public var limitAdvice = "Divide it."

  public init(model: AnyTranslationModel, codecs: TranslationCodecs, search: TranslationSearch) {
    // Laid out once for all batches.
    (self.model, self.codecs, self.search) = (model.prepared(), codecs, search)
    // A model without an end does not know where to stop, unless a user says it: the same for every source.
    if let lengths = codecs.fixedLengths, search.maximumLength.factor != 0 {
      self.search.maximumLength = .symbols(max(lengths.target, search.minimumLength))
    }
    // Nobody wants to read what nobody knows.
    if let unknown = codecs.target.codec.unknownSymbol { self.search.forbiddenIDs.insert(unknown) }
  }

  /// Why a text cannot be translated; nil where it can.
  public func failure(_ input: TranslationInput) -> Failure? {
    failure(input, codecs.source.encode(input.text), prefix: codecs.target.encode(input.prefix))
  }

  private func failure(_ input: TranslationInput, _ source: [Int32], prefix: [Int32]) -> Failure? {
    let ownLimit = model.sourceLength.map { $0 - 1 } ?? .max
    if let failure = tooLong("a text", input.place, source.count, ownLimit, codecs.source) { return failure }
    if let failure = tooLong("a prefix", input.place, prefix.count, model.contextLength ?? .max, codecs.target) {
      return failure
    }
    if let unknown = codecs.target.codec.unknownSymbol, prefix.contains(unknown) {
      return Failure(
        .data, at: input.place,
        "a prefix of \(codecs.target.codec.level.unit)s that the model knows expected, found"
          + " \(Failure.shown(firstUnknown(input.prefix, unknown)))", advice: "The model cannot write it.")
    }
    guard let end = codecs.targetEndID, prefix.contains(end) else { return nil }
    return Failure(
      .data, at: input.place, "a prefix that does not end expected, found \(Failure.shown(input.prefix))",
      advice: "The model's end is a symbol of it.")
  }

  /// The first word of a prefix that has a symbol the vocabulary lacks; all of it where no word has one by itself.
  private func firstUnknown(_ prefix: String, _ unknown: Int32) -> String {
    let words = prefix.split(whereSeparator: \.isWhitespace).map(String.init)
    return words.first { codecs.target.encode($0).contains(unknown) } ?? prefix
  }

  private func tooLong(_ what: String, _ place: String, _ count: Int, _ ownLimit: Int, _ codec: SequenceCodec)
    -> Failure?
  {
    let limit = min(sourceLimit, ownLimit)
    guard count > limit else { return nil }
    return Failure(
      .data, at: place, "\(what) of at most \(limit) \(codec.codec.level.unit)s expected, found \(count)",
      advice: limit == ownLimit ? "The model has no places for more." : limitAdvice)
  }

  /// The translations of texts, the best first, in the order of the texts. The translation of a text without any
  /// symbol is its prefix.
  /// - Throws: `Failure` of kind `data` for a text that is too long, with its place, before anything is translated.
  public func translate(_ inputs: [TranslationInput]) throws(Failure) -> [[TranslatedText]] {
    let sources = inputs.map { codecs.source.encode($0.text) }
    let prefixes = inputs.map { codecs.target.encode($0.prefix) }
    for (number, input) in inputs.enumerated() {
      if let failure = failure(input, sources[number], prefix: prefixes[number]) { throw failure }
    }
    let found = try search.search(
      model, sources: sources.map { $0.isEmpty ? [] : codecs.sourceInput($0) },
      prefixes: prefixes, begin: codecs.target.beginID, end: codecs.targetEndID)
    return zip(sources, found).map { source, hypotheses in hypotheses.map { text(of: $0, source: source) } }
  }

  /// The likeliest translation of each text, batch after batch, however long the texts are.
  /// - Parameter progress: told after each batch how many are translated; what it throws ends the work.
  func likeliest(_ inputs: [TranslationInput], progress: (Int) throws -> Void) throws -> [TranslatedText] {
    var translator = self
    (translator.search.resultCount, translator.sourceLimit) = (1, .max)
    let lengths = inputs.map { codecs.source.encode($0.text).count }
    var found: [(place: Int, text: TranslatedText)] = []
    for places in search.batches(of: lengths, vocabularySize: model.vocabularySize) {
      found += zip(places, try translator.translate(places.map { inputs[$0] })).map { ($0, $1[0]) }
      try progress(found.count)
    }
    return found.sorted { $0.place < $1.place }.map(\.text)
  }

  private func text(of hypothesis: TranslationHypothesis, source: [Int32]) -> TranslatedText {
    let ids = hypothesis.isComplete ? codecs.targetOutput(hypothesis.ids) : hypothesis.ids
    let unknown = codecs.source.codec.unknownSymbol
    return TranslatedText(
      text: codecs.target.decode(hypothesis.ids), ids: hypothesis.ids, score: hypothesis.score,
      logProbability: hypothesis.logProbability, isComplete: hypothesis.isComplete,
      sourceTokens: codecs.source.tokens(codecs.sourceInput(source)), targetTokens: codecs.target.tokens(ids),
      readsSourceEnd: codecs.readsSourceEnd, unknownCount: source.count { $0 == unknown },
      alignment: hypothesis.alignment)
  }
}
