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

/// What to do with bytes that are not UTF-8.
public enum BadBytePolicy: String, Codable, CaseIterable, Sendable {
  /// Stop, with file, line and byte.
  case reject
  /// Put U+FFFD in their place (one for each maximal part, Unicode 3.9) and count them.
  case replace

  public var summary: String {
    switch self {
    case .reject: "stop at the first byte that is not UTF-8"
    case .replace: "put U+FFFD in place of bytes that are not UTF-8, and count them"
    }
  }
}
