// The words of GPT-2 (Radford et al., Language models are unsupervised multitask learners, 2019), by hand:
// 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+

/// Cuts a text as GPT-2's expression does; every byte belongs to a word, each is looked at at most three times.
struct GPT2Scanner {
  let end: Int
  private let table = ScalarTable.shared

  init(end: Int) { self.end = end }

  func forEachWord(in text: Span<UInt8>, from start: Int, _ body: (Range<Int>) -> Void) {
    var position = start
    while position < end {
      let next = wordEnd(text, position)
      body(position..<next)
      position = next
    }
  }

  private func wordEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    var position = start
    if text[start] == UInt8(ascii: "'"), let after = Contraction.end(text, start, end, ignoresCase: false) {
      return after
    }
    var flags = table.take(text, &position)
    if flags.contains(.space) {
      guard text[start] == 0x20, position < end else { return spaceEnd(text, start) }
      let second = table.take(text, &position)
      if second.contains(.space) { return spaceEnd(text, start) }
      flags = second
    }
    let kind = flags.intersection(GPT2Scanner.kinds)
    while position < end {
      let here = position
      if table.take(text, &position).intersection(GPT2Scanner.kinds) != kind { return here }
    }
    return end
  }

  private static let kinds: ScalarFlags = [.letter, .number, .space]

  /// White space up to the end, or up to the last one before a word: that one goes with the word, or stands alone.
  private func spaceEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    var (position, last) = (start, start)
    while position < end {
      let here = position
      if !table.take(text, &position).contains(.space) { return last > start ? last : here }
      last = here
    }
    return end
  }
}

/// 's, 't, 're, 've, 'm, 'll and 'd.
enum Contraction {
  /// The end of the contraction that begins with the apostrophe at `start`.
  static func end(_ text: Span<UInt8>, _ start: Int, _ end: Int, ignoresCase: Bool) -> Int? {
    guard start + 1 < end else { return nil }
    let mask: UInt8 = ignoresCase ? 0x20 : 0
    let first = text[start + 1] | mask
    switch first {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    case 0xC5 | mask:
      // ſ is a small s in another form.
      return ignoresCase && start + 2 < end && text[start + 1] == 0xC5 && text[start + 2] == 0xBF ? start + 3 : nil
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 2 < end && text[start + 2] | mask == UInt8(ascii: "e") ? start + 3 : nil
    case UInt8(ascii: "l"):
      return start + 2 < end && text[start + 2] | mask == UInt8(ascii: "l") ? start + 3 : nil
    default: return nil
    }
  }
}
