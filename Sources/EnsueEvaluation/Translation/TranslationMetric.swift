// What the measures of translation have in common: counts of a line that can be added, and a score of their sum.

import EnsueFiles

/// Counts that add up over lines.
public protocol TranslationStatistics: Sendable {
  mutating func add(_ other: Self)
}

/// A measure of translations against references.
public protocol TranslationMetric: Sendable {
  associatedtype Statistics: TranslationStatistics
  var kind: TranslationMetricKind { get }
  /// As it is printed: "BLEU", "chrF2++".
  var name: String { get }
  /// The options between `nrefs` and `version` of the signature, in order.
  var signatureFields: [(name: String, value: String)] { get }
  /// - Throws: `Failure` for options without meaning.
  func validate() throws(Failure)
  /// The counts of a line with at least one reference.
  func statistics(of hypothesis: String, against references: [String]) -> Statistics
  /// The value in per cent, and what it comes from.
  func result(of statistics: Statistics) -> (value: Double, components: TranslationComponents)
  /// The form for single lines, where it is another.
  var forSentences: Self { get }
}

extension TranslationMetric {
  public var forSentences: Self { self }

  /// The score of a whole corpus.
  /// - Throws: `Failure` for options without meaning, for no lines, and for another number of references.
  public func score(_ hypotheses: [String], _ references: TranslationReferences) throws(Failure) -> TranslationScore {
    try check(hypotheses, references)
    var sum = statistics(of: hypotheses[0], against: references.lines[0])
    for (hypothesis, line) in zip(hypotheses, references.lines).dropFirst() {
      sum.add(statistics(of: hypothesis, against: line))
    }
    return scored(sum, referenceCount: references.referenceCount)
  }

  /// The score of every line by itself. BLEU then counts no order of which a line has no n-gram, as sacreBLEU's does.
  /// - Throws: as for a corpus.
  public func sentenceScores(
    _ hypotheses: [String], _ references: TranslationReferences
  ) throws(Failure) -> [TranslationScore] {
    try check(hypotheses, references)
    let metric = forSentences
    return zip(hypotheses, references.lines).map { hypothesis, line in
      metric.scored(metric.statistics(of: hypothesis, against: line), referenceCount: line.count)
    }
  }

  /// `nrefs:1|case:mixed|…|version:ensue-0.1.0`.
  public func signature(referenceCount: Int?) -> String {
    let count = referenceCount.map { "\($0)" } ?? "var"
    return (["nrefs:\(count)"] + signatureFields.map { "\($0.name):\($0.value)" } + ["version:ensue-\(ensueVersion)"])
      .joined(separator: "|")
  }

  private func scored(_ statistics: Statistics, referenceCount: Int?) -> TranslationScore {
    let (value, components) = result(of: statistics)
    return TranslationScore(
      metric: kind, name: name, value: value, components: components,
      signature: signature(referenceCount: referenceCount))
  }

  private func check(_ hypotheses: [String], _ references: TranslationReferences) throws(Failure) {
    try validate()
    guard !hypotheses.isEmpty else { throw Failure(.data, at: "hypotheses", "at least one line expected, found none") }
    guard hypotheses.count == references.count else {
      throw Failure(
        .data, at: "references",
        "\(hypotheses.count) lines expected, as there are hypotheses, found \(references.count)")
    }
  }
}
