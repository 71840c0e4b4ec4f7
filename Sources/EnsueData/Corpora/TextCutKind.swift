// Where a text may be cut so that its parts have the ids of the whole.

/// A place for a cut.
enum TextCutKind: String, CaseIterable, Sendable {
  /// Between any two bytes.
  case bytes
  /// Between any two characters.
  case characters
  /// After a line end.
  case lines
  /// After a single line end, with no white space before it and a letter or a number behind it. There the expressions of
  /// GPT-2, cl100k (also Llama 3), Qwen 2 and o200k and BERT's rules have a boundary, whatever stands before and behind:
  ///
  /// - A letter or number before the line end ends a word in all of them, and the line end is a word of its own. Signs
  ///   before it are a word of their own in GPT-2's, and take all line ends behind them in the others', but no letter.
  /// - With more white space before it, GPT-2's would make one word of a run that ends the part, and two where a word
  ///   follows. With a slash behind it, o200k's would take that as well.
  ///
  /// A tokenizer that puts something in front of every text, as SentencePiece's do, puts it in front of every part.
  case words
  /// After a line of nothing or blanks.
  case blankLines

  /// The last place for a cut inside some bytes, above 0; nil where there is none.
  func last(in bytes: [UInt8]) -> Int? {
    switch self {
    case .bytes: return bytes.isEmpty ? nil : bytes.count
    case .characters: return bytes.lastIndex { $0 & 0xC0 != 0x80 }.flatMap { $0 > 0 ? $0 : nil }
    case .lines: return bytes.lastIndex(of: TextCutKind.lineFeed).map { $0 + 1 }
    case .words: return TextCutKind.lastWordEnd(in: bytes)
    case .blankLines: return TextCutKind.lastBlankLine(in: bytes)
    }
  }

  private static let lineFeed = UInt8(ascii: "\n")

  private static func lastWordEnd(in bytes: [UInt8]) -> Int? {
    for end in stride(from: bytes.count - 2, to: 0, by: -1) where bytes[end] == lineFeed {
      var start = end - 1
      while start > 0, end - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      let before = String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars.last
      let behind = String(decoding: bytes[(end + 1)..<min(end + 5, bytes.count)], as: UTF8.self).unicodeScalars.first
      if let before, let behind, !before.properties.isWhitespace, isLetterOrNumber(behind) { return end + 1 }
    }
    return nil
  }

  private static func isLetterOrNumber(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      true
    default: false
    }
  }

  private static func lastBlankLine(in bytes: [UInt8]) -> Int? {
    var end: Int?
    for place in stride(from: bytes.count - 1, through: 0, by: -1) {
      if bytes[place] == lineFeed {
        if let end { return end }
        end = place + 1
      } else if !bytes[place].isSpace {
        end = nil
      }
    }
    // The first line may be blank.
    return end
  }
}
