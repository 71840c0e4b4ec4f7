// Why a pair of sentences was left out.

/// Why a pair was dropped; the first reason that applies counts.
public enum DroppedPairReason: String, Codable, CaseIterable, Sendable {
  case emptySource = "empty-source"
  case emptyTarget = "empty-target"
  case tooManyWords = "too-many-words"
  case tooManyCharacters = "too-many-characters"
  case lengthRatio = "length-ratio"
  case heldOut = "held-out"

  /// The reason in words, after a number of pairs.
  public var summary: String {
    switch self {
    case .emptySource: "with an empty source"
    case .emptyTarget: "with an empty target"
    case .tooManyWords: "with more words than the limit on a side"
    case .tooManyCharacters: "with more characters than the limit on a side"
    case .lengthRatio: "with one side longer than the ratio allows"
    case .heldOut: "with a source that is held out"
    }
  }
}
