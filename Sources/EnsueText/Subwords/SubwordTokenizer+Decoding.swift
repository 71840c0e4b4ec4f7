// Ids to text.

extension SubwordTokenizer {
  /// The text of some ids; what is no id is left out.
  /// - Parameter skipsSpecialTokens: Whether special tokens are left out too.
  public func decode(_ ids: some Sequence<Int32>, skipsSpecialTokens: Bool = true) -> String {
    String(decoding: decodedBytes(ids, skipsSpecialTokens: skipsSpecialTokens), as: UTF8.self)
  }

  private func decodedBytes(_ ids: some Sequence<Int32>, skipsSpecialTokens: Bool) -> [UInt8] {
    var tokens: [[UInt8]] = []
    for id in ids {
      guard let token = tokenBytes(id), !(skipsSpecialTokens && isSpecial(id)) else { continue }
      tokens.append(token)
    }
    guard let decoder else { return Array(tokens.joined(separator: [0x20])) }
    return Array(decoder.apply(to: tokens).joined())
  }

  /// A decoder for ids that come one by one.
  public func makeStreamDecoder(skipsSpecialTokens: Bool = true) -> SubwordStreamDecoder {
    SubwordStreamDecoder(self, skipsSpecialTokens: skipsSpecialTokens)
  }
}

/// Decodes ids as they come: text is handed out when it is final, so never half a character.
///
/// What is handed out, joined, is the text of all ids together; where bytes never become a character the number of
/// U+FFFD may differ. A token is decoded together with the few before it,
/// because decoders look at neighbours.
public struct SubwordStreamDecoder: Sendable {
  private let tokenizer: SubwordTokenizer
  private let skipsSpecialTokens: Bool
  /// Ids whose text is known, for context, then those whose text is not yet handed out.
  private var ids: [Int32] = []
  private var contextCount = 0
  /// The text of the context alone.
  private var context = ""

  /// Bytes of one character need at most so many ids; what is still no character then never will be.
  private static let patience = 8

  init(_ tokenizer: SubwordTokenizer, skipsSpecialTokens: Bool) {
    (self.tokenizer, self.skipsSpecialTokens) = (tokenizer, skipsSpecialTokens)
  }

  /// Takes one more id.
  /// - Returns: The text that is final now; often empty.
  public mutating func append(_ id: Int32) -> String {
    // What leaves no token behind must not become the context of what follows.
    guard tokenizer.tokenBytes(id) != nil, !(skipsSpecialTokens && tokenizer.isSpecial(id)) else { return "" }
    ids.append(id)
    let text = tokenizer.decode(ids, skipsSpecialTokens: skipsSpecialTokens)
    let isOpen = text.unicodeScalars.last == "\u{FFFD}" && ids.count - contextCount < SubwordStreamDecoder.patience
    return isOpen ? "" : handOut(text)
  }

  /// The rest, when no more ids come.
  public mutating func finish() -> String {
    handOut(tokenizer.decode(ids, skipsSpecialTokens: skipsSpecialTokens))
  }

  private mutating func handOut(_ text: String) -> String {
    let fresh = text.utf8.dropFirst(context.utf8.count)
    ids.removeFirst(contextCount)
    contextCount = ids.count
    context = tokenizer.decode(ids, skipsSpecialTokens: skipsSpecialTokens)
    return String(decoding: fresh, as: UTF8.self)
  }
}
