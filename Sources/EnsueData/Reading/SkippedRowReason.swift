// Why a row can be left out when skipping was asked for. Damage that makes the rest of a file doubtful (an unclosed
// quote, a NUL byte) is never skipped.

/// Why a row was skipped.
public enum SkippedRowReason: String, Codable, CaseIterable, Sendable {
  case fieldCount = "field-count"
  case emptyText = "empty-text"
  case emptyPair = "empty-pair"
  case emptyLabel = "empty-label"
  case notNumber = "not-number"
  case unknownLabel = "unknown-label"
  case invalidJSON = "invalid-json"

  /// The reason in words, after a number of rows.
  public var summary: String {
    switch self {
    case .fieldCount: "with another number of fields"
    case .emptyText: "with an empty text"
    case .emptyPair: "with an empty second text"
    case .emptyLabel: "with an empty label"
    case .notNumber: "with a label that is no number"
    case .unknownLabel: "with a label that is not known"
    case .invalidJSON: "that are not the JSON objects expected"
    }
  }
}
