// The words of cl100k, Llama 3, Qwen 2 and o200k, by hand. All take a run of letters with one other character before it,
// a few digits at a time, and signs with the line ends behind them; o200k also cuts before a capital within a run.

/// Cuts a text as these expressions do; every byte belongs to a word, the time is linear.
struct LetterScanner {
  /// How letters make a word.
  enum Casing {
    /// One or more letters.
    case ignored
    /// Capitals, then small letters; marks count as letters; a contraction at the end belongs to the word.
    case splits
  }

  let end: Int
  let digits: Int
  let casing: Casing
  private let table = ScalarTable.shared

  init(end: Int, digits: Int, casing: Casing) {
    (self.end, self.digits, self.casing) = (end, digits, casing)
  }

  func forEachWord(in text: Span<UInt8>, from start: Int, _ body: (Range<Int>) -> Void) {
    var position = start
    while position < end {
      let next = wordEnd(text, position)
      body(position..<next)
      position = next
    }
  }

  private func wordEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    switch casing {
    case .ignored:
      if text[start] == UInt8(ascii: "'"), let after = Contraction.end(text, start, end, ignoresCase: true) {
        return after
      }
      if let after = lettersEnd(text, start) { return after }
    case .splits:
      if let after = casedEnd(text, start) { return after }
    }
    var position = start
    let flags = table.take(text, &position)
    if flags.contains(.number) { return numberEnd(text, position) }
    return signsEnd(text, start) ?? spaceEnd(text, start)
  }

  private func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// [^\r\n\p{L}\p{N}]?\p{L}+
  private func lettersEnd(_ text: Span<UInt8>, _ start: Int) -> Int? {
    var position = start
    let flags = table.take(text, &position)
    if !flags.contains(.letter) {
      guard !flags.contains(.number), !isBreak(text[start]), position < end,
        table.take(text, &position).contains(.letter)
      else { return nil }
    }
    while position < end {
      let here = position
      if !table.take(text, &position).contains(.letter) { return here }
    }
    return end
  }

  /// The end behind up to `digits` numbers, the first of which ends at `position`.
  private func numberEnd(_ text: Span<UInt8>, _ first: Int) -> Int {
    var position = first
    var count = 1
    while position < end, count < digits {
      let here = position
      if !table.take(text, &position).contains(.number) { return here }
      count += 1
    }
    return position
  }

  /// ` ?[^\s\p{L}\p{N}]+[\r\n]*`, with `/` among the last for o200k.
  private func signsEnd(_ text: Span<UInt8>, _ start: Int) -> Int? {
    let words: ScalarFlags = [.space, .letter, .number]
    var position = text[start] == 0x20 ? start + 1 : start
    let first = position
    while position < end {
      let here = position
      if !table.take(text, &position).isDisjoint(with: words) {
        position = here
        break
      }
    }
    guard position > first else { return nil }
    while position < end, isBreak(text[position]) || casing == .splits && text[position] == UInt8(ascii: "/") {
      position += 1
    }
    return position
  }

  /// `\s*[\r\n]+|\s+(?!\S)|\s+`: up to the last line end, else as GPT-2.
  private func spaceEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    var (position, last, afterBreak) = (start, start, 0)
    while position < end {
      let here = position
      if !table.take(text, &position).contains(.space) {
        if afterBreak > 0 { return afterBreak }
        return last > start ? last : here
      }
      if isBreak(text[here]) { afterBreak = position }
      last = here
    }
    return afterBreak > 0 ? afterBreak : end
  }

  /// [^\r\n\p{L}\p{N}]?U*L+C? | [^\r\n\p{L}\p{N}]?U+L*C? with U what may be a capital, L what may be small and C a
  /// contraction.
  private func casedEnd(_ text: Span<UInt8>, _ start: Int) -> Int? {
    var position = start
    let flags = table.take(text, &position)
    let takesOne = flags.isDisjoint(with: [.letter, .number]) && !isBreak(text[start])
    let word =
      (takesOne ? mixedEnd(text, position) : nil) ?? mixedEnd(text, start)
      ?? (takesOne ? capitalsEnd(text, position) : nil) ?? capitalsEnd(text, start)
    guard let word else { return nil }
    guard word < end, text[word] == UInt8(ascii: "'") else { return word }
    return Contraction.end(text, word, end, ignoresCase: true) ?? word
  }

  /// U*L+: capitals, then small letters, of which there is at least one. A mark or a letter without case is both, so the
  /// last such one may have to serve as the small letter.
  private func mixedEnd(_ text: Span<UInt8>, _ start: Int) -> Int? {
    var position = start
    var afterLastSmall: Int?
    while position < end {
      let here = position
      let flags = table.take(text, &position)
      if !flags.contains(.upper) {
        if flags.contains(.lower) { return smallEnd(text, position) }
        return afterLastSmall.flatMap { $0 <= here ? $0 : nil }
      }
      if flags.contains(.lower) { afterLastSmall = position }
    }
    return afterLastSmall
  }

  private func smallEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    var position = start
    while position < end {
      let here = position
      if !table.take(text, &position).contains(.lower) { return here }
    }
    return end
  }

  /// U+, where no small letter follows.
  private func capitalsEnd(_ text: Span<UInt8>, _ start: Int) -> Int? {
    var position = start
    while position < end {
      let here = position
      if !table.take(text, &position).contains(.upper) { return here > start ? here : nil }
    }
    return position > start ? position : nil
  }
}
