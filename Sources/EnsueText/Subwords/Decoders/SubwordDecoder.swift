// Decoders: from tokens back to text.

import EnsueFiles

/// The decoders by the names that a tokenizer.json gives them.
public enum SubwordDecoderKind: String, Codable, CaseIterable, Sendable {
  case sequence = "Sequence"
  case byteLevel = "ByteLevel"
  case wordPiece = "WordPiece"
  case metaspace = "Metaspace"
  case bytePair = "BPEDecoder"
  case byteFallback = "ByteFallback"
  case fuse = "Fuse"
  case strip = "Strip"
  case replace = "Replace"
}

/// Turns a list of tokens into a list of pieces of text, which are then joined.
public indirect enum SubwordDecoder: Sendable, Equatable {
  case sequence([SubwordDecoder])
  /// Characters of GPT-2's alphabet to bytes; invalid UTF-8 to U+FFFD.
  case byteLevel(addsPrefixSpace: Bool, cuts: Bool, trimsOffsets: Bool)
  /// A space before each token without the prefix; cleaning takes spaces before punctuation and contractions away.
  case wordPiece(prefix: String, cleans: Bool)
  /// Marks to spaces, none of them in the first token unless the scheme is `never`.
  case metaspace(mark: Unicode.Scalar, prefix: PrefixScheme, cuts: Bool)
  /// The suffix of a word's end to a space.
  case bytePair(suffix: String)
  /// `<0xE2>` and the like to bytes; bytes that are no UTF-8 to U+FFFD each.
  case byteFallback
  /// All tokens to one.
  case fuse
  /// Up to so many of a character away from both ends of each token.
  case strip(Unicode.Scalar, start: Int, stop: Int)
  case replace(TextPattern, with: String)

  func apply(to tokens: [[UInt8]]) -> [[UInt8]] {
    switch self {
    case .sequence(let steps): return steps.reduce(tokens) { $1.apply(to: $0) }
    case .byteLevel:
      return [Array(String(decoding: tokens.flatMap(ByteAlphabet.bytes), as: UTF8.self).utf8)]
    case .wordPiece(let prefix, let cleans):
      return SubwordDecoder.joinWordPieces(tokens, prefix: Array(prefix.utf8), cleans: cleans)
    case .metaspace(let mark, let prefix, _):
      let mark = String(mark)
      return tokens.enumerated().map { index, token in
        SubwordDecoder.replacing(.literal(mark), with: index == 0 && prefix != .never ? "" : " ", in: token)
      }
    case .bytePair(let suffix):
      guard !suffix.isEmpty else { return tokens }
      return tokens.enumerated().map { index, token in
        SubwordDecoder.replacing(.literal(suffix), with: index == tokens.count - 1 ? "" : " ", in: token)
      }
    case .byteFallback: return SubwordDecoder.gatherBytes(tokens)
    case .fuse: return [Array(tokens.joined())]
    case .strip(let scalar, let start, let stop):
      return tokens.map { SubwordDecoder.strip(Array(String(scalar).utf8), start: start, stop: stop, from: $0) }
    case .replace(let pattern, let text):
      return tokens.map { SubwordDecoder.replacing(pattern, with: text, in: $0) }
    }
  }

  private static func replacing(_ pattern: TextPattern, with text: String, in token: [UInt8]) -> [UInt8] {
    var token = token
    SubwordNormalizer.replace(pattern, with: text).apply(to: &token)
    return token
  }

  private static func joinWordPieces(_ tokens: [[UInt8]], prefix: [UInt8], cleans: Bool) -> [[UInt8]] {
    tokens.enumerated().map { index, token in
      var piece = token
      if index > 0 {
        piece = token.starts(with: prefix) ? Array(token.dropFirst(prefix.count)) : [0x20] + token
      }
      if cleans {
        for (dirty, clean) in cleaning { piece = replacing(.literal(dirty), with: clean, in: piece) }
      }
      return piece
    }
  }

  private static let cleaning = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  private static func strip(_ mark: [UInt8], start: Int, stop: Int, from token: [UInt8]) -> [UInt8] {
    var rest = token[...]
    for _ in 0..<min(start, token.count) where rest.starts(with: mark) { rest = rest.dropFirst(mark.count) }
    for _ in 0..<min(stop, token.count) where rest.suffix(mark.count).elementsEqual(mark) {
      rest = rest.dropLast(mark.count)
    }
    return Array(rest)
  }

  private static func gatherBytes(_ tokens: [[UInt8]]) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var bytes: [UInt8] = []
    func flush() {
      guard !bytes.isEmpty else { return }
      let isText = String(validating: bytes, as: UTF8.self) != nil
      result.append(isText ? bytes : Array(String(repeating: "\u{FFFD}", count: bytes.count).utf8))
      bytes = []
    }
    for token in tokens {
      if let byte = ByteToken.byte(of: token) {
        bytes.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }
}

/// The tokens that stand for single bytes.
enum ByteToken {
  /// `<0x0A>` for 10.
  static func text(of byte: UInt8) -> String {
    "<0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) + ">"
  }

  static func byte(of token: [UInt8]) -> UInt8? {
    guard token.count == 6, token.starts(with: "<0x".utf8), token[5] == UInt8(ascii: ">"),
      token[3] != UInt8(ascii: "+")
    else { return nil }
    return UInt8(String(decoding: token[3..<5], as: UTF8.self), radix: 16)
  }
}
