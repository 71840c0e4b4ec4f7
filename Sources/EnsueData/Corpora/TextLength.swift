// How long a text is, counted part by part: the units that models with different tokens can be compared in.

import EnsueFiles

/// The length of a text, or of several.
public struct TextLength: Sendable, Equatable {
  /// What stands between white space.
  public let wordCount: Int
  /// Unicode scalars.
  public let characterCount: Int
  public let byteCount: Int

  public init(wordCount: Int, characterCount: Int, byteCount: Int) {
    (self.wordCount, self.characterCount, self.byteCount) = (wordCount, characterCount, byteCount)
  }

  /// Measures a text.
  /// - Parameter bytes: UTF-8.
  public init(of bytes: [UInt8]) {
    var counter = TextLengthCounter()
    counter.append(bytes)
    self = counter.length
  }

  /// As an index has it.
  var json: JSONValue {
    .object([
      "words": .number(wordCount), "characters": .number(characterCount), "bytes": .number(byteCount),
    ])
  }

  /// nil for what is no length of a text.
  init?(_ value: JSONValue) {
    guard let object = value.objectValue, let words = object["words"]?.integerValue,
      let characters = object["characters"]?.integerValue, let bytes = object["bytes"]?.integerValue,
      0 <= words, words <= bytes, 0 <= characters, characters <= bytes
    else { return nil }
    self.init(wordCount: words, characterCount: characters, byteCount: bytes)
  }
}

/// Measures a text that comes in parts.
package struct TextLengthCounter {
  private var wordCount = 0
  private var characterCount = 0
  private var byteCount = 0
  /// Whether a word goes on in the next part.
  private var isInWord = false

  package init() {}

  package var length: TextLength {
    TextLength(wordCount: wordCount, characterCount: characterCount, byteCount: byteCount)
  }

  /// Takes the part that follows.
  /// - Parameter bytes: UTF-8.
  package mutating func append(_ bytes: [UInt8]) {
    for byte in bytes {
      let isSpace = byte == 0x20 || 0x09...0x0D ~= byte
      if !isSpace, !isInWord { wordCount += 1 }
      isInWord = !isSpace
      // Every byte that does not continue a scalar begins one.
      if byte & 0xC0 != 0x80 { characterCount += 1 }
    }
    byteCount += bytes.count
  }

  /// Ends a text: no word goes on in the next one.
  package mutating func endText() { isInWord = false }
}
