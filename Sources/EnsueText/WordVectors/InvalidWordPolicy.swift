// What a word-vector reader does with a word that is not UTF-8, as word2vec binaries have them.

/// What becomes of a word that is not valid UTF-8; such words are counted in the report in any case.
public enum InvalidWordPolicy: String, Codable, CaseIterable, Sendable {
  /// It is an error with its line.
  case fail
  /// Its row is left out.
  case skip
  /// Its invalid bytes become U+FFFD.
  case replace

  /// Stands for the policy in a cache file; never reuse a number.
  var code: UInt64 {
    switch self {
    case .fail: 0
    case .skip: 1
    case .replace: 2
    }
  }
}
