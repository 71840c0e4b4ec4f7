// Exact match: how many lines are right.

import EnsueFiles

/// The share of lines that are equal to one of their references, scalar by scalar; white space at both ends is not
/// counted.
public struct ExactMatch: TranslationMetric, Equatable {
  public var lowercases: Bool

  public init(lowercases: Bool = false) { self.lowercases = lowercases }

  public var kind: TranslationMetricKind { .exactMatch }
  public var name: String { kind.rawValue }
  public var signatureFields: [(name: String, value: String)] { [("case", lowercases ? "lc" : "mixed")] }

  public func validate() throws(Failure) {}

  public func statistics(of hypothesis: String, against references: [String]) -> MatchStatistics {
    let line = line(hypothesis)
    return MatchStatistics(matches: references.contains { self.line($0) == line } ? 1 : 0, lineCount: 1)
  }

  public func result(of statistics: MatchStatistics) -> (value: Double, components: TranslationComponents) {
    let share = Double(statistics.matches) / Double(max(1, statistics.lineCount))
    return (100 * share, .matches(statistics.matches, lineCount: statistics.lineCount))
  }

  private func line(_ text: String) -> [Unicode.Scalar] {
    let scalars = Array(text.unicodeScalars)
    return ScalarText.trimmed(lowercases ? ScalarText.lowercased(scalars) : scalars)
  }
}

/// Lines that are right, of all.
public struct MatchStatistics: TranslationStatistics {
  public var matches: Int
  public var lineCount: Int

  public mutating func add(_ other: MatchStatistics) {
    matches += other.matches
    lineCount += other.lineCount
  }
}
