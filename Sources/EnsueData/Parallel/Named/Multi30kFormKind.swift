// The two forms of the text of Multi30k.

/// Which files of Multi30k are read.
public enum Multi30kFormKind: String, Codable, CaseIterable, Sendable {
  case raw
  case tok

  public var summary: String {
    switch self {
    case .raw: "sentences as they were written"
    case .tok: "lower-cased, normalised and tokenised with Moses"
    }
  }

  /// What stands between the name of a part and its language.
  var suffix: String {
    switch self {
    case .raw: "."
    case .tok: ".lc.norm.tok."
    }
  }
}
