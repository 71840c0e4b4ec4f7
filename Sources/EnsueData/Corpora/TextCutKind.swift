// Where a text may be cut so that its parts have the ids of the whole.

/// A place for a cut.
enum TextCutKind: String, CaseIterable, Sendable {
  /// Between any two bytes.
  case bytes
  /// Between any two characters.
  case characters
  /// After a line end.
  case lines
  /// Before a line end that stands right after something other than white space. There the tokenizers that part words
  /// from what follows them have a boundary whatever comes next: those of the BERT and GPT-2 families. (After a line end
  /// would not do: GPT-2's leaves the last character of white space to the word after it, and makes one piece of the
  /// rest.) A tokenizer that puts something in front of every text, as SentencePiece's do, puts it in front of every part.
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
    for place in stride(from: bytes.count - 1, to: 0, by: -1) where bytes[place] == lineFeed {
      var start = place - 1
      while start > 0, place - start < 4, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      let last = String(decoding: bytes[start..<place], as: UTF8.self).unicodeScalars.last
      if let last, !last.properties.isWhitespace { return place }
    }
    return nil
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
