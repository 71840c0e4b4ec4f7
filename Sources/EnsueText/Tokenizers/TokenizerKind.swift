// The one place where tokenizers are named.

/// The tokenizers, by name.
public enum TokenizerKind: String, Codable, CaseIterable, Sendable {
  case whitespace
  case words

  /// What the tokenizer does, in one line.
  public var summary: String {
    switch self {
    case .whitespace: "splits at ASCII white space; for text that is tokenized already"
    case .words: "splits words, punctuation, contractions, emoticons and emoji as the Penn Treebank and tweets need"
    }
  }

  /// The tokenizer of this name.
  /// - Parameter lowercase: Whether tokens are lower-cased, scalar by scalar, after splitting.
  public func makeTokenizer(lowercase: Bool) -> any Tokenizer {
    switch self {
    case .whitespace: WhitespaceTokenizer(lowercase: lowercase)
    case .words: WordTokenizer(lowercase: lowercase)
    }
  }
}
