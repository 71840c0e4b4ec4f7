// Whether the first row of a table names the columns.

/// Whether the first row of a table is a header.
public enum HeaderKind: String, Codable, CaseIterable, Sendable {
  case yes
  case no
  /// It is when a column was chosen by name, or when it holds both a usual name for the text and one for the label.
  case auto

  public var summary: String {
    switch self {
    case .yes: "the first row names the columns"
    case .no: "the first row is data"
    case .auto: "the first row names the columns when it holds usual names such as text and label"
    }
  }
}
