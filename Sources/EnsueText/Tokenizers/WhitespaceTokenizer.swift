// The simplest tokenizer: what lies between ASCII white space is a token. A no-break space or an ideographic space
// is part of its token.

/// Splits at ASCII white space and nowhere else.
public struct WhitespaceTokenizer: Tokenizer {
  /// Whether tokens are lower-cased.
  public let lowercase: Bool

  public init(lowercase: Bool = false) {
    self.lowercase = lowercase
  }

  public func tokens(in text: String) -> [[UInt8]] {
    let bytes = Array(text.utf8)
    var tokens: [[UInt8]] = []
    var start = 0
    for index in 0...bytes.count where index == bytes.count || ASCII.isSpace(bytes[index]) {
      if index > start {
        let token = bytes[start..<index]
        tokens.append(lowercase ? Lowercasing.lowercase(token) : Array(token))
      }
      start = index + 1
    }
    return tokens
  }
}
