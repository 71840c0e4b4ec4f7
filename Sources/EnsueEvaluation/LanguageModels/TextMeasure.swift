// How long a text is, in every unit that a language model's figures are given in.

/// The length of a text.
public struct TextMeasure: Sendable, Equatable {
  /// Tokens of the model that read it.
  public let tokenCount: Int
  /// What stands between white space.
  public let wordCount: Int
  /// Unicode scalars.
  public let characterCount: Int
  public let byteCount: Int

  public init(tokenCount: Int, wordCount: Int, characterCount: Int, byteCount: Int) {
    (self.tokenCount, self.wordCount) = (tokenCount, wordCount)
    (self.characterCount, self.byteCount) = (characterCount, byteCount)
  }
}
