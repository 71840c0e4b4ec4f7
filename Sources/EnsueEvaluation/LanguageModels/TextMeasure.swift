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

  /// Measures a text.
  /// - Parameter bytes: UTF-8.
  public init(of bytes: [UInt8], tokenCount: Int) {
    var (words, characters, isInWord) = (0, 0, false)
    for byte in bytes {
      let isSpace = byte == 0x20 || 0x09...0x0D ~= byte
      if !isSpace, !isInWord { words += 1 }
      isInWord = !isSpace
      // Every byte that does not continue a scalar begins one.
      if byte & 0xC0 != 0x80 { characters += 1 }
    }
    self.init(tokenCount: tokenCount, wordCount: words, characterCount: characters, byteCount: bytes.count)
  }
}
