// The encodings files come in. UTF-16 is recognised and refused with a hint (see SourceText).

/// How the bytes of a file are text.
public enum TextEncodingKind: String, Codable, CaseIterable, Sendable {
  case utf8
  /// ISO 8859-1: every byte is the scalar of its value. The original files of MR use it.
  case latin1

  public var summary: String {
    switch self {
    case .utf8: "UTF-8; a byte order mark is dropped"
    case .latin1: "Latin-1 (ISO 8859-1), one byte a character"
    }
  }
}
