// The words that a model sees: what trainers count.

/// A normaliser and a pre-tokeniser.
public struct SubwordWords: Sendable, Equatable {
  public let normalizer: SubwordNormalizer?
  public let preTokenizer: SubwordPreTokenizer?

  public init(normalizer: SubwordNormalizer?, preTokenizer: SubwordPreTokenizer?) {
    (self.normalizer, self.preTokenizer) = (normalizer, preTokenizer)
  }

  /// Calls `body` with each word of a text, in order; bytes that are not UTF-8 count as U+FFFD.
  public func forEachWord(in text: [UInt8], _ body: (Span<UInt8>) -> Void) {
    var text = SubwordWords.repaired(text)
    let keepsStart = normalizer?.apply(to: &text) ?? true
    let split = pieces(text, beginsText: keepsStart)
    for piece in split.pieces { body(split.bytes.span.extracting(piece)) }
  }

  /// Calls `body` with each word of a text, in order.
  public func forEachWord(in text: String, _ body: (Span<UInt8>) -> Void) {
    forEachWord(in: Array(text.utf8), body)
  }

  /// A normalised text in words.
  func pieces(_ text: [UInt8], beginsText: Bool) -> SplitText {
    var split = SplitText(text, beginsText: beginsText)
    preTokenizer?.apply(to: &split)
    return split
  }

  /// Valid UTF-8, with U+FFFD for what was not.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    bytes.isASCII ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8)
  }
}
