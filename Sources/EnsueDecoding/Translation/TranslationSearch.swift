// The likeliest translations of sources, looked for among several of each at once.

import EnsueFiles
import EnsueModels

/// Beam search over a translation model, batched: the hypotheses of all sentences of a batch take a step together, and
/// a sentence that has its results leaves the batch. A width of 1 is the greedy choice.
///
/// Hypotheses are compared by (Wu et al. 2016)
/// log p(Y | X) / ((5 + n) / 6)^α + β Σᵢ log min(Σⱼ attention of symbol j to source step i, 1),
/// n the symbols of Y with its end, attention the mean over the model's heads; without attention the second part is 0.
/// How a beam goes on and ends is `Beam`'s: the end closes a place, what cannot be overtaken ends the search, ties go to
/// the earlier hypothesis and the lower symbol.
///
/// The result of a sentence does not depend on the sentences beside it, nor on how they are divided into batches.
public struct TranslationSearch: Sendable, Equatable {
  /// Hypotheses that go on, less those that have ended: 1 ... `widthLimit`.
  public var width: Int
  /// α: 0 compares log-probabilities; above it, longer translations gain.
  public var lengthPenalty: Double
  /// β, 0 or more: above it, translations gain that look at all of the source.
  public var coveragePenalty = 0.0
  /// Translations of each source, at most: 1 ... width.
  public var resultCount: Int
  /// Symbols before the end, at least; a smaller maximum goes before it.
  public var minimumLength = 0
  public var maximumLength = LengthLimit()
  /// No run of so many symbols is written twice, but where a prefix is forced to.
  public var forbiddenRepeat: Int?
  /// Symbols that are never written, such as the unknown one. The begin never is, unless it is the end too.
  public var forbiddenIDs: Set<Int32> = []
  /// Whether translations come with `alignment`.
  public var keepsAlignments = false
  /// Sentences side by side, at most; fewer where they would have more than 2,048 hypotheses, or scores of 256 MiB.
  public var batchSize = 32

  /// The widest beam. Every hypothesis has states, or keys and values of all it has written, of its own: a thousand
  /// of a Transformer of six layers and 512 units take 2.5 GB at 100 symbols.
  public static let widthLimit = 1_000
  /// Hypotheses of all sentences side by side, but for a single sentence's: they have memory each.
  private static let hypothesisLimit = 2048

  public init(width: Int = 5, lengthPenalty: Double = 1, resultCount: Int = 1) {
    (self.width, self.lengthPenalty, self.resultCount) = (width, lengthPenalty, resultCount)
  }

  /// The likeliest symbol at every step.
  public static let greedy = TranslationSearch(width: 1)

  /// Refuses numbers that make no rule.
  /// - Throws: `Failure` of kind `configuration`, naming the first option at fault.
  public func check() throws(Failure) {
    func require(_ holds: Bool, _ name: String, _ expected: String, _ found: some CustomStringConvertible)
      throws(Failure)
    {
      if !holds { throw Failure(.configuration, at: name, "\(expected) expected, found \(found)") }
    }
    let (limit, most) = (maximumLength, Self.widthLimit)
    try require((1...most).contains(width), "width", "a beam of 1 to \(most) hypotheses", width)
    try require(
      (1...width).contains(resultCount), "resultCount", "1 to \(width) results, the beam's width,", resultCount)
    try require(lengthPenalty.isFinite, "lengthPenalty", "a finite number", lengthPenalty)
    try require(
      coveragePenalty >= 0 && coveragePenalty.isFinite, "coveragePenalty", "a number of 0 or more", coveragePenalty)
    try require(minimumLength >= 0, "minimumLength", "0 or more symbols", minimumLength)
    try require(limit.factor >= 0 && limit.factor.isFinite, "maximumLength", "a factor of 0 or more", limit.factor)
    try require(
      (1...LengthLimit.boundLimit).contains(limit.bound), "maximumLength",
      "a bound of 1 to \(LengthLimit.boundLimit) symbols",
      limit.bound)
    if let length = forbiddenRepeat { try require(length >= 1, "forbiddenRepeat", "runs of 1 symbol or more", length) }
    try require(batchSize >= 1, "batchSize", "1 sentence or more", batchSize)
  }

  /// The best translations of each source, best first: one or more, fewer than `resultCount` where the beam ended with
  /// fewer.
  ///
  /// A source of no symbols is not read; its translation is its prefix, with probability 1.
  /// - Parameters:
  ///   - sources: as the model was trained on them.
  ///   - prefixes: how the translation of each source must begin; none for no source to have one.
  ///   - begin: the first input of the model's target side.
  ///   - end: the symbol that ends a translation; nil where none does.
  /// - Throws: `Failure` of kind `configuration` from `check`, of kind `data` where a source or prefix cannot be read or
  ///   the model's scores are not finite.
  public func search<Model: TranslationModel>(
    _ model: Model, sources: [[Int32]], prefixes: [[Int32]] = [], begin: Int32, end: Int32?
  ) throws(Failure) -> [[TranslationHypothesis]] {
    precondition(
      prefixes.isEmpty || prefixes.count == sources.count, "\(prefixes.count) prefixes of \(sources.count) sources")
    let marks = TranslationMarks(begin: begin, end: end)
    try check()
    try marks.check(model.vocabularySize)
    var checked: [TranslationSource] = []
    for (number, ids) in sources.enumerated() {
      checked.append(
        try TranslationSource(
          ids, prefix: prefixes.isEmpty ? [] : prefixes[number], number: number, for: model, marks))
    }
    var results = [[TranslationHypothesis]](repeating: [], count: sources.count)
    for batch in batches(of: sources.map(\.count), vocabularySize: model.vocabularySize) {
      let found = try translations(of: batch.map { checked[$0] }, model, marks)
      for (place, number) in batch.enumerated() { results[number] = found[place] }
    }
    return results
  }

  /// The numbers of the sources of each batch: sources of similar lengths, longest first.
  package func batches(of lengths: [Int], vocabularySize: Int) -> [[Int]] {
    let order = lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
    let scored = (1 << 26) / (width * max(1, vocabularySize))
    let size = max(1, min(batchSize, scored, TranslationSearch.hypothesisLimit / width))
    return stride(from: 0, to: order.count, by: size).map { Array(order[$0..<min(order.count, $0 + size)]) }
  }

  /// The translations of the sources of one batch.
  func translations<Model: TranslationModel>(
    of sources: [TranslationSource], _ model: Model, _ marks: TranslationMarks
  ) throws(Failure) -> [[TranslationHypothesis]] {
    let places = sources.indices.filter { !sources[$0].ids.isEmpty }
    var results = sources.map {
      [TranslationHypothesis(ids: $0.prefix, logProbability: 0, score: 0, isComplete: true, alignment: [])]
    }
    if places.isEmpty { return results }
    var batch = try TranslationBatch(self, model, places.map { sources[$0] }, marks)
    for (place, found) in zip(places, try batch.run()) { results[place] = found }
    return results
  }
}
