// The regular expressions of tokenizer files that have a scanner here.

/// The regular expressions that are known, by their exact text.
public enum KnownExpression: String, CaseIterable, Sendable {
  case gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  /// cl100k and Llama 3.
  case cl100k =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  case qwen2 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  case o200k =
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  case spaces = #" {2,}"#
  case firstSpaces = #"\A +"#
  /// SentencePiece's marks at the end.
  case lastMarks = #"▁+\z"#
  case whiteSpaces = #"\s+"#
  case whiteSpace = #"\s"#
  case number = #"\p{N}"#
  case numbers = #"\p{N}+"#

  /// Calls `body` for each match, from left to right.
  func forEachMatch(in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    switch self {
    case .gpt2: GPT2Scanner(end: range.upperBound).forEachWord(in: text, from: range.lowerBound, body)
    case .cl100k:
      LetterScanner(end: range.upperBound, digits: 3, casing: .ignored)
        .forEachWord(in: text, from: range.lowerBound, body)
    case .qwen2:
      LetterScanner(end: range.upperBound, digits: 1, casing: .ignored)
        .forEachWord(in: text, from: range.lowerBound, body)
    case .o200k:
      LetterScanner(end: range.upperBound, digits: 3, casing: .splits)
        .forEachWord(in: text, from: range.lowerBound, body)
    case .spaces: KnownExpression.forEachRun(in: text, range, body, atLeast: 2) { scalar, _ in scalar == 0x20 }
    case .firstSpaces: KnownExpression.forFirstSpaces(in: text, range, body)
    case .lastMarks: KnownExpression.forLastMarks(in: text, range, body)
    case .whiteSpaces: KnownExpression.forEachRun(in: text, range, body) { $1.contains(.space) }
    case .numbers: KnownExpression.forEachRun(in: text, range, body) { $1.contains(.number) }
    case .whiteSpace: KnownExpression.forEachScalar(in: text, range, body, .space)
    case .number: KnownExpression.forEachScalar(in: text, range, body, .number)
    }
  }

  private static func forFirstSpaces(in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var end = range.lowerBound
    while end < range.upperBound, text[end] == 0x20 { end += 1 }
    if end > range.lowerBound { body(range.lowerBound..<end) }
  }

  private static func forLastMarks(in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
    var start = range.upperBound
    while start - 3 >= range.lowerBound, text[start - 3] == 0xE2, text[start - 2] == 0x96, text[start - 1] == 0x81 {
      start -= 3
    }
    if start < range.upperBound { body(start..<range.upperBound) }
  }

  private static func forEachRun(
    in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void, atLeast least: Int = 1,
    _ belongs: (UInt32, ScalarFlags) -> Bool
  ) {
    let table = ScalarTable.shared
    var (position, start, count) = (range.lowerBound, range.lowerBound, 0)
    while position < range.upperBound {
      let here = position
      let scalar = text.takeScalar(&position)
      if belongs(scalar, table[scalar]) {
        if count == 0 { start = here }
        count += 1
      } else {
        if count >= least { body(start..<here) }
        count = 0
      }
    }
    if count >= least { body(start..<range.upperBound) }
  }

  private static func forEachScalar(
    in text: Span<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void, _ flag: ScalarFlags
  ) {
    let table = ScalarTable.shared
    var position = range.lowerBound
    while position < range.upperBound {
      let here = position
      if table.take(text, &position).contains(flag) { body(here..<position) }
    }
  }
}
