// Contractions: where a word is cut, and words that begin with an apostrophe.

extension WordScanner {
  /// Emits the word from the position to `end`, cut at its contractions, with its full stop where that belongs to it.
  mutating func emitWord(to end: Int) {
    if byte(end) == UInt8(ascii: "."), byte(end + 1) != UInt8(ascii: "."), keepsFullStop(position..<end) {
      return emit(to: end + 1, isWord: true)
    }
    var cuts: [Int] = []
    var baseEnd = end
    while let cut = cliticStart(from: position, to: baseEnd) {
      cuts.append(cut)
      baseEnd = cut
    }
    if let cut = innerCut(position..<baseEnd) { cuts.append(cut) }
    while let cut = cuts.popLast() { emit(to: cut, isWord: true) }
    emit(to: end, isWord: true)
  }

  /// Where `n't`, `'s`, `'m`, `'d`, `'ll`, `'re` or `'ve` begins at the end of a word, unless it is the whole word.
  private func cliticStart(from start: Int, to end: Int) -> Int? {
    // From the longest apostrophe and ending back: at most 3 + 2 bytes.
    for offset in [2, 3, 4, 5] where end - offset > start {
      let index = end - offset
      let length = apostrophe(index)
      guard length > 0 else { continue }
      let letters = index + length
      switch end - letters {
      case 1 where continues(letters, with: "t"):
        let cut = index - 1
        return ASCII.lowercase(byte(cut)) == UInt8(ascii: "n") && cut > start ? cut : nil
      case 1 where continues(letters, with: "s") || continues(letters, with: "m") || continues(letters, with: "d"):
        return index
      case 2 where continues(letters, with: "ll") || continues(letters, with: "re") || continues(letters, with: "ve"):
        return index
      default: return nil
      }
    }
    return nil
  }

  /// Where the Treebank cuts certain words in two.
  private func innerCut(_ word: Range<Int>) -> Int? {
    func matches(_ text: StaticString) -> Bool {
      word.count == text.utf8CodeUnitCount && continues(word.lowerBound, with: text)
    }
    let start = word.lowerBound
    switch word.count {
    case 5 where matches("gimme") || matches("gonna") || matches("gotta") || matches("lemme") || matches("wanna"):
      return start + 3
    case 6 where matches("cannot"): return start + 3
    case 4 where matches("d'ye"): return start + 1
    case 6 where matches("more'n"): return start + 4
    case 6 where continues(start, with: "d") && apostrophe(start + 1) == 3 && continues(start + 4, with: "ye"):
      return start + 1
    case 8 where continues(start, with: "more") && apostrophe(start + 4) == 3 && continues(start + 7, with: "n"):
      return start + 4
    default: return nil
    }
  }

  /// A token that begins with an apostrophe and is more than the apostrophe.
  mutating func scanApostrophe() -> Bool {
    let length = apostrophe(position)
    guard length > 0 else { return false }
    if length == 1, byte(position + 1) == UInt8(ascii: "'") {
      emit(to: position + 2)
      return true
    }
    let letters = position + length
    if continues(letters, with: "tis"), !isAlphanumeric(letters + 3) { return emitPair(letters + 1, letters + 3) }
    if continues(letters, with: "twas"), !isAlphanumeric(letters + 4) { return emitPair(letters + 1, letters + 4) }
    if ASCII.isDigit(byte(letters)), ASCII.isDigit(byte(letters + 1)) {
      let end = letters + (continues(letters + 2, with: "s") ? 3 : 2)
      guard !isAlphanumeric(end) else { return false }
      emit(to: end, isWord: true)
      return true
    }
    guard let end = elisionEnd(from: letters) else { return false }
    emit(to: end, isWord: true)
    return true
  }

  private mutating func emitPair(_ cut: Int, _ end: Int) -> Bool {
    emit(to: cut, isWord: true)
    emit(to: end, isWord: true)
    return true
  }

  /// The end of a contraction's second part or of a word that lost its beginning.
  private func elisionEnd(from start: Int) -> Int? {
    let endings: [StaticString] = [
      "s", "m", "d", "t", "ll", "re", "ve", "ye", "em", "til", "till", "cause", "bout", "cuz", "coz",
    ]
    for ending in endings where continues(start, with: ending) {
      let end = start + ending.utf8CodeUnitCount
      if !isAlphanumeric(end) && !isExtending(end) { return end }
    }
    guard continues(start, with: "n"), !isAlphanumeric(start + 1), !isExtending(start + 1) else { return nil }
    let closing = apostrophe(start + 1)
    return isAlphanumeric(start + 1 + closing) ? start + 1 : start + 1 + closing
  }

  private func isExtending(_ index: Int) -> Bool {
    index < text.count && classify(index).0 == .extending
  }
}
