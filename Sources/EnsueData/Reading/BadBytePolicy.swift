// What happens to bytes that are not text in the encoding given.

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
