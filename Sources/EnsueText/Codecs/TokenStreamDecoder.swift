// Ids to text while a model writes: what is given out is final, whole characters only.

/// The text of ids that come one after another. All that `append` gives, and then `finish`, is what decoding all ids at
/// once gives.
public struct TokenStreamDecoder: Sendable {
  private let codec: TokenCodec
  /// Bytes that begin a character.
  private var pendingBytes: [UInt8] = []
  private var subwords: SubwordStreamDecoder?
  private var isAtLineStart = true

  init(_ codec: TokenCodec) {
    self.codec = codec
    if case .subwords(let tokenizer) = codec { subwords = tokenizer.makeStreamDecoder() }
  }

  /// Takes an id.
  /// - Returns: the text that is final now and was not before; often empty.
  public mutating func append(_ id: Int32) -> String {
    switch codec {
    case .bytes: return append(byte: UInt8(truncatingIfNeeded: id))
    case .characters: return codec.decode(CollectionOfOne(id))
    case .words(let list): return append(word: list.word(of: id) ?? WordList.unknownText)
    case .subwords: return subwords?.append(id) ?? ""
    }
  }

  /// The text that was waiting for more.
  public mutating func finish() -> String {
    switch codec {
    case .characters, .words: return ""
    case .bytes:
      defer { pendingBytes = [] }
      return String(decoding: pendingBytes, as: UTF8.self)
    case .subwords: return subwords?.finish() ?? ""
    }
  }

  private mutating func append(word: String) -> String {
    if word.utf8.elementsEqual(WordList.endOfLine.utf8) {
      isAtLineStart = true
      return "\n"
    }
    defer { isAtLineStart = false }
    return isAtLineStart ? word : " " + word
  }

  private mutating func append(byte: UInt8) -> String {
    var text = ""
    if byte & 0xC0 != 0x80, !pendingBytes.isEmpty {
      text = String(decoding: pendingBytes, as: UTF8.self)
      pendingBytes = []
    }
    pendingBytes.append(byte)
    guard !TokenStreamDecoder.beginsCharacter(pendingBytes) else { return text }
    text += String(decoding: pendingBytes, as: UTF8.self)
    pendingBytes = []
    return text
  }

  /// Whether more bytes can make a character of these, which are none yet.
  private static func beginsCharacter(_ bytes: [UInt8]) -> Bool {
    let length =
      switch bytes[0] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    guard bytes.count < length else { return false }
    guard bytes.count > 1 else { return true }
    // What would be too long a form, a surrogate or beyond the last character ends here.
    return switch bytes[0] {
    case 0xE0: bytes[1] >= 0xA0
    case 0xED: bytes[1] <= 0x9F
    case 0xF0: bytes[1] >= 0x90
    case 0xF4: bytes[1] <= 0x8F
    default: true
    }
  }
}
