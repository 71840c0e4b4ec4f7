// Where one document ends and the next begins.

/// What of a text file is a document.
public enum DocumentKind: String, Codable, CaseIterable, Sendable {
  case files
  case blankLines = "blank-lines"
  case lines

  /// One line for help.
  public var summary: String {
    switch self {
    case .files: "every file"
    case .blankLines: "what stands between blank lines"
    case .lines: "every line that is not blank"
    }
  }
}
