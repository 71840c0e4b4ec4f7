// Pre-tokenisers: the second step of a pipeline, from text to the words that the model sees one by one.

/// The pre-tokenisers by the names that a tokenizer.json gives them.
public enum SubwordPreTokenizerKind: String, Codable, CaseIterable, Sendable {
  case sequence = "Sequence"
  case bert = "BertPreTokenizer"
  case whitespace = "Whitespace"
  case whitespaceSplit = "WhitespaceSplit"
  case byteLevel = "ByteLevel"
  case metaspace = "Metaspace"
  case punctuation = "Punctuation"
  case digits = "Digits"
  case split = "Split"
  case delimiter = "CharDelimiterSplit"
}

/// When a mark for a space goes before a text that begins without.
public enum PrefixScheme: String, Codable, CaseIterable, Sendable {
  /// Before the beginning of the whole text alone.
  case first
  case never
  /// Also behind every added token.
  case always
}

/// Cuts a text into words.
public indirect enum SubwordPreTokenizer: Sendable, Equatable {
  case sequence([SubwordPreTokenizer])
  /// At white space, which goes, and around each punctuation character.
  case bert
  /// Runs of `\w` and runs of neither `\w` nor white space.
  case whitespace
  /// At white space, which goes.
  case whitespaceSplit
  /// As GPT-2: words by its expression, then bytes as visible characters.
  case byteLevel(addsPrefixSpace: Bool, cuts: Bool, trimsOffsets: Bool)
  /// As SentencePiece: spaces to a visible mark, cut before each mark.
  case metaspace(mark: Unicode.Scalar, prefix: PrefixScheme, cuts: Bool)
  case punctuation(SplitBehavior)
  /// Around numbers, or around each digit.
  case digits(individually: Bool)
  case split(TextPattern, SplitBehavior, isInverted: Bool)
  /// At one character, which goes.
  case delimiter(Unicode.Scalar)

  func apply(to text: inout SplitText) {
    switch self {
    case .sequence(let steps): for step in steps { step.apply(to: &text) }
    case .bert: SubwordPreTokenizer.cutAsBERT(&text)
    case .whitespace: SubwordPreTokenizer.cutWords(&text)
    case .whitespaceSplit: text.cut(.removed, KnownExpression.whiteSpaces.forEachMatch)
    case .byteLevel(let addsPrefixSpace, let cuts, _):
      SubwordPreTokenizer.cutBytes(&text, addsPrefixSpace: addsPrefixSpace, cuts: cuts)
    case .metaspace(let mark, let prefix, let cuts):
      SubwordPreTokenizer.markSpaces(&text, mark: mark, prefix: prefix, cuts: cuts)
    case .punctuation(let behavior): text.cut(behavior, SubwordPreTokenizer.scalars(.punctuation))
    case .digits(let individually):
      text.cut(individually ? .isolated : .contiguous, SubwordPreTokenizer.scalars(.numeric))
    case .split(let pattern, let behavior, let isInverted):
      text.cut(behavior, isInverted: isInverted, pattern.forEachMatch)
    case .delimiter(let scalar): text.cut(.removed, TextPattern.literal(String(scalar)).forEachMatch)
    }
  }

  /// Each scalar of a class as a match.
  private static func scalars(
    _ flag: ScalarFlags
  ) -> (Span<UInt8>, Range<Int>, (Range<Int>) -> Void) -> Void {
    let table = ScalarTable.shared
    return { text, range, body in
      var position = range.lowerBound
      while position < range.upperBound {
        let here = position
        if table.take(text, &position).contains(flag) { body(here..<position) }
      }
    }
  }

  private static func cutAsBERT(_ text: inout SplitText) {
    let table = ScalarTable.shared
    text.cut { text, piece, result in
      var (position, start) = (piece.lowerBound, piece.lowerBound)
      while position < piece.upperBound {
        let here = position
        let flags = table.take(text, &position)
        if flags.isDisjoint(with: [.space, .punctuation]) { continue }
        if here > start { result.append(start..<here) }
        if !flags.contains(.space) { result.append(here..<position) }
        start = position
      }
      if position > start { result.append(start..<position) }
    }
  }

  private static func cutWords(_ text: inout SplitText) {
    let table = ScalarTable.shared
    let kinds: ScalarFlags = [.word, .space]
    text.cut { text, piece, result in
      var (position, start) = (piece.lowerBound, piece.lowerBound)
      var kind: ScalarFlags = .space
      while position < piece.upperBound {
        let here = position
        let next = table.take(text, &position).intersection(kinds)
        if next == kind { continue }
        if kind != .space, here > start { result.append(start..<here) }
        (kind, start) = (next, here)
      }
      if kind != .space { result.append(start..<position) }
    }
  }

  private static func cutBytes(_ text: inout SplitText, addsPrefixSpace: Bool, cuts: Bool) {
    if addsPrefixSpace {
      text.rewrite { text, piece, _, result in
        if text[piece.lowerBound] != 0x20 { result.append(0x20) }
        result.append(text, piece)
      }
    }
    if cuts {
      text.cut { text, piece, result in
        GPT2Scanner(end: piece.upperBound).forEachWord(in: text, from: piece.lowerBound) { result.append($0) }
      }
    }
    text.rewrite { text, piece, _, result in ByteAlphabet.append(text, piece, to: &result) }
  }

  private static func markSpaces(_ text: inout SplitText, mark: Unicode.Scalar, prefix: PrefixScheme, cuts: Bool) {
    let mark = Array(String(mark).utf8)
    text.rewrite { text, piece, beginsText, result in
      let start = result.count
      for index in piece {
        if text[index] == 0x20 { result += mark } else { result.append(text[index]) }
      }
      let addsMark =
        switch prefix {
        case .first: beginsText
        case .never: false
        case .always: true
        }
      if addsMark, !result[start...].starts(with: mark) { result.insert(contentsOf: mark, at: start) }
    }
    guard cuts else { return }
    text.cut { text, piece, result in
      var start = piece.lowerBound
      var position = start + 1
      while position + mark.count <= piece.upperBound {
        if text[position] == mark[0], (1..<mark.count).allSatisfy({ text[position + $0] == mark[$0] }) {
          result.append(start..<position)
          start = position
        }
        position += 1
      }
      result.append(start..<piece.upperBound)
    }
  }
}
