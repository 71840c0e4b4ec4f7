// What a language model's tokens are.

/// Into which pieces a text is cut before a language model reads it.
public enum TokenLevelKind: String, Codable, CaseIterable, Sendable {
  case bytes
  case characters
  case words
  case subwords

  public var summary: String {
    switch self {
    case .bytes: "the 256 bytes: any file, no vocabulary"
    case .characters: "the Unicode scalars of the training text"
    case .words: "what stands between spaces, and the line end as <eos>"
    case .subwords: "the pieces of a tokenizer.json"
    }
  }

  /// One token, as figures name it: `per character`.
  public var unit: String {
    switch self {
    case .bytes: "byte"
    case .characters: "character"
    case .words: "word"
    case .subwords: "subword"
    }
  }
}
