// The full stop after a word: part of an abbreviation, or the end of a sentence.

extension WordScanner {
  /// Short forms that always keep their full stop.
  private static let always: Set<String> = [
    "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "st", "jr", "sr", "vs", "etc", "inc", "ltd", "corp", "bros",
    "gov", "capt", "lt", "sgt", "maj", "cmdr", "messrs", "mme", "mlle", "approx", "dept", "blvd", "ph.d", "b.sc",
    "m.sc", "et.al", "viz", "cf",
  ]

  /// Short forms that keep it before a number; elsewhere they may be words that end a sentence.
  private static let beforeNumbers: Set<String> = [
    "no", "nos", "fig", "figs", "p", "pp", "vol", "art", "sec", "ch", "ca", "eq", "jan", "feb", "mar", "apr", "jun",
    "jul", "aug", "sep", "sept", "oct", "nov", "dec",
  ]

  /// Whether the full stop after a word belongs to it.
  func keepsFullStop(_ word: Range<Int>) -> Bool {
    guard word.count <= 64, ASCII.isLetter(text[word.lowerBound]) else { return false }
    if isAcronym(word) { return true }
    let after = word.upperBound + 1
    if word.count == 1, ASCII.isUppercase(text[word.lowerBound]), text[word.lowerBound] != UInt8(ascii: "I") {
      return byte(after) == ASCII.space && ASCII.isUppercase(byte(after + 1))
    }
    guard word.count <= 6 else { return false }
    let name = String(decoding: text[word].map(ASCII.lowercase), as: UTF8.self)
    if WordScanner.always.contains(name) { return true }
    return WordScanner.beforeNumbers.contains(name) && byte(after) == ASCII.space && ASCII.isDigit(byte(after + 1))
  }

  /// Single letters with full stops between them: `U.S`, `e.g`.
  private func isAcronym(_ word: Range<Int>) -> Bool {
    guard word.count >= 3, word.count % 2 == 1 else { return false }
    for (offset, index) in word.enumerated() {
      let isExpected = offset % 2 == 0 ? ASCII.isLetter(text[index]) : text[index] == UInt8(ascii: ".")
      if !isExpected { return false }
    }
    return true
  }
}
