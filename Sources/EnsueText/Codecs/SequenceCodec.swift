// Symbols of one side of sequence to sequence: a codec of texts, and the two symbols that mark where a sequence begins
// and ends. Which symbols a text becomes is the codec's affair.

/// A codec with the two symbols that mark the ends of a sequence.
///
/// Ids 0 ..< `codec.vocabularySize` are the codec's. The two symbols follow unless two of the codec's own serve.
public struct SequenceCodec: Sendable, Equatable {
  public let codec: TokenCodec
  /// What a decoder reads first.
  public let beginID: Int32
  /// What a decoder writes last.
  public let endID: Int32

  /// The ends as they are shown.
  public static let beginText = "<s>"
  public static let endText = "</s>"

  /// A codec with two new symbols: the end is `codec.vocabularySize`, the beginning comes after it.
  public init(_ codec: TokenCodec) {
    let count = Int32(codec.vocabularySize)
    self.init(codec, beginID: count + 1, endID: count)
  }

  /// A codec with symbols that a model was trained with, among the codec's own or after them.
  /// - Precondition: no id is negative. The two may be the same.
  public init(_ codec: TokenCodec, beginID: Int32, endID: Int32) {
    precondition(beginID >= 0 && endID >= 0, "SequenceCodec: the ends \(beginID) and \(endID) must not be negative")
    (self.codec, self.beginID, self.endID) = (codec, beginID, endID)
  }

  /// The number of ids, the two ends among them.
  public var vocabularySize: Int { max(codec.vocabularySize, Int(max(beginID, endID)) + 1) }

  /// The ids of a text, without beginning and end.
  public func encode(_ text: String) -> [Int32] { codec.encode(text) }

  /// The text of ids; the two ends, and what is no id of the codec, are left out.
  public func decode(_ ids: [Int32]) -> String {
    codec.decode(ids.filter { $0 != beginID && $0 != endID && codec.hasID($0) })
  }

  /// One text a symbol, as an alignment names it: the ends as <s> and </s>, a space as ␣, bytes that are no character
  /// and unknown symbols by their names.
  public func tokens(_ ids: [Int32]) -> [String] {
    ids.map { id in
      if id == endID { return SequenceCodec.endText }
      if id == beginID { return SequenceCodec.beginText }
      return codec.symbol(id)
    }
  }
}

extension TokenCodec {
  /// Whether an id is one of 0 ..< `vocabularySize`.
  fileprivate func hasID(_ id: Int32) -> Bool { id >= 0 && id < vocabularySize }

  /// One id as a text of its own, never empty.
  fileprivate func symbol(_ id: Int32) -> String {
    guard hasID(id) else { return "<\(id)>" }
    switch self {
    case .bytes: return TokenCodec.symbol(ofByte: UInt8(truncatingIfNeeded: id))
    case .characters(let alphabet):
      return alphabet.scalar(of: id).map { TokenCodec.symbol(of: $0) } ?? WordList.unknownText
    case .words(let list): return list.word(of: id) ?? WordList.unknownText
    case .subwords(let tokenizer): return tokenizer.symbol(of: id)
    }
  }

  fileprivate static func symbol(ofByte byte: UInt8) -> String {
    guard 0x20..<0x7F ~= byte else {
      return "<0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))>"
    }
    return symbol(of: Unicode.Scalar(byte))
  }

  /// A character that shows: white space and controls by a sign or by name.
  fileprivate static func symbol(of scalar: Unicode.Scalar) -> String {
    if scalar == " " { return "␣" }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator:
      return "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
    default: return String(scalar)
    }
  }
}

extension SubwordTokenizer {
  /// One text a token, as one reads it.
  package func symbols(_ ids: [Int32]) -> [String] { ids.map { symbol(of: $0) } }

  /// A token as one reads it. Byte-level tokens are spelled in GPT-2's alphabet; where their bytes are whole
  /// characters these are shown, with ▁ for a space as other tokenizers write it.
  fileprivate func symbol(of id: Int32) -> String {
    let spelling = token(of: id) ?? ""
    guard case .byteLevel? = decoder else { return spelling.isEmpty ? "<\(id)>" : spelling }
    let text = decode(CollectionOfOne(id), skipsSpecialTokens: false)
    guard !text.isEmpty, !text.unicodeScalars.contains("\u{FFFD}") else {
      return spelling.isEmpty ? "<\(id)>" : spelling
    }
    return text.unicodeScalars.map { $0 == " " ? "▁" : TokenCodec.symbol(of: $0) }.joined()
  }
}
