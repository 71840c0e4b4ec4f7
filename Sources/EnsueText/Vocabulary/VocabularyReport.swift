// What a vocabulary kept of the text it was counted on.

/// How many distinct tokens and occurrences were counted, and how many of them were cut.
public struct VocabularyReport: Sendable, Equatable, CustomStringConvertible {
  /// Distinct tokens counted, without `<pad>` and `<unk>`.
  public var distinctTokens = 0
  /// Occurrences counted, without those of `<pad>` and `<unk>`.
  public var occurrences = 0
  /// Distinct tokens that were counted less often than the minimum.
  public var rareTokens = 0
  /// Occurrences of those.
  public var rareOccurrences = 0
  /// Distinct tokens that are frequent enough but beyond the size limit.
  public var excessTokens = 0
  /// Occurrences of those.
  public var excessOccurrences = 0
  /// Occurrences of `<pad>` or `<unk>` in the text; they are read as unknown.
  public var specialOccurrences = 0
  /// Tokens without a byte; they were left out.
  public var emptyTokens = 0

  public init() {}

  /// One line, such as `18,764 distinct tokens in 210,293; cut: 9,000 (9,000) below the minimum count, 12 (24) beyond
  /// the size limit`.
  public var description: String {
    var text = "\(Numerals.grouped(distinctTokens)) distinct tokens in \(Numerals.grouped(occurrences))"
    var cuts: [String] = []
    func add(_ tokens: Int, _ occurrences: Int, _ reason: String) {
      if tokens > 0 { cuts.append("\(Numerals.grouped(tokens)) (\(Numerals.grouped(occurrences))) \(reason)") }
    }
    add(rareTokens, rareOccurrences, "below the minimum count")
    add(excessTokens, excessOccurrences, "beyond the size limit")
    if !cuts.isEmpty { text += "; cut: " + cuts.joined(separator: ", ") }
    if specialOccurrences > 0 { text += "; \(Numerals.grouped(specialOccurrences)) times <pad> or <unk> in the text" }
    if emptyTokens > 0 { text += "; \(Numerals.grouped(emptyTokens)) empty tokens left out" }
    return text
  }
}
