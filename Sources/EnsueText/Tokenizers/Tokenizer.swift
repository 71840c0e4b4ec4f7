// What every tokenizer does: text to tokens, as bytes. Token ids are `Vocabulary`'s.

/// Splits text into tokens.
///
/// Laws, tested for every `TokenizerKind`: without lower-casing, the tokens in a row are the text without what lies
/// between tokens (white space), byte for byte; no token is empty; tokens joined with spaces give the same tokens
/// again; the time taken is linear in the length of the text.
public protocol Tokenizer: Sendable {
  /// The tokens of a text, in order, as UTF-8.
  func tokens(in text: String) -> [[UInt8]]
}
