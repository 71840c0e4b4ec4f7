// Whether quotes mean something in a table.

/// Whether fields may be quoted.
public enum QuotingKind: String, Codable, CaseIterable, Sendable {
  /// Quotes are ordinary text: TSV as data sets for language use it.
  case off
  /// A field that begins with `"` ends at the next single `"`; `""` stands for one; it may hold line ends (RFC 4180).
  case minimal

  public var summary: String {
    switch self {
    case .off: "quotes are ordinary text"
    case .minimal: "a field may be put in double quotes, as in RFC 4180"
    }
  }
}
