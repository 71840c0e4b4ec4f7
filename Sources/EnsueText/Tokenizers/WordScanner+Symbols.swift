// Tokens that begin with a symbol.

extension WordScanner {
  /// Emits the token that begins with this symbol when it is more than the symbol itself.
  mutating func scanSymbol(_ symbol: UInt8) -> Bool {
    if let end = emoticonEnd() {
      emit(to: end, keepsCase: true)
      return true
    }
    switch symbol {
    case UInt8(ascii: "."): return scanFullStops()
    case UInt8(ascii: "-"): return scanRun(of: symbol) || scanSigned()
    case UInt8(ascii: "+"): return scanSigned()
    case UInt8(ascii: "`"): return byte(position + 1) == symbol && emitting(to: position + 2)
    case UInt8(ascii: "&"): return entityEnd(from: position).map { emitting(to: $0) } ?? false
    case UInt8(ascii: "@"): return scanMention()
    case UInt8(ascii: "#"): return scanTag()
    case UInt8(ascii: "'"), 0xE2: return scanApostrophe()
    default: return false
    }
  }

  private mutating func emitting(to end: Int) -> Bool {
    emit(to: end)
    return true
  }

  private mutating func scanRun(of symbol: UInt8) -> Bool {
    let length = run(of: symbol, from: position)
    return length > 1 && emitting(to: position + length)
  }

  /// `...`, or a number that begins with its decimal point.
  private mutating func scanFullStops() -> Bool {
    if scanRun(of: UInt8(ascii: ".")) { return true }
    guard !followsWord, ASCII.isDigit(byte(position + 1)) else { return false }
    emitWord(to: wordEnd(from: position + 1))
    return true
  }

  /// A number with its sign, where it cannot be a difference.
  private mutating func scanSigned() -> Bool {
    let isPoint = byte(position + 1) == UInt8(ascii: ".")
    guard ASCII.isDigit(byte(position + (isPoint ? 2 : 1))) else { return false }
    switch byte(position - 1) {
    case _ where isFresh: break
    case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "$"): break
    default: return false
    }
    emitWord(to: wordEnd(from: position + (isPoint ? 2 : 1)))
    return true
  }

  private mutating func scanMention() -> Bool {
    var end = position + 1
    while ASCII.isAlphanumeric(byte(end)) || byte(end) == UInt8(ascii: "_") { end += 1 }
    return end > position + 1 && emitting(to: end)
  }

  /// `#` and letters, digits, marks and underscores with at least one letter among them.
  private mutating func scanTag() -> Bool {
    var end = position + 1
    var hasLetter = false
    while end < text.count {
      let (scalarClass, length) = classify(end)
      let isFirst = end == position + 1
      guard
        scalarClass.isAlphanumeric || text[end] == UInt8(ascii: "_") || scalarClass == .extending && !isFirst
      else { break }
      hasLetter = hasLetter || scalarClass == .letter
      end += length
    }
    return hasLetter && emitting(to: end)
  }

  /// The end of an HTML entity: `&name;`, `&#39;`, `&#x27;`.
  func entityEnd(from start: Int) -> Int? {
    guard byte(start) == UInt8(ascii: "&") else { return nil }
    var end = start + 1
    let isNumeric = byte(end) == UInt8(ascii: "#")
    if isNumeric {
      end += 1
      if ASCII.lowercase(byte(end)) == UInt8(ascii: "x") { end += 1 }
    }
    let first = end
    // The longest name in HTML has 31 letters.
    while ASCII.isAlphanumeric(byte(end)) && end - first < 32 { end += 1 }
    guard end - first >= (isNumeric ? 1 : 2), byte(end) == UInt8(ascii: ";") else { return nil }
    guard isNumeric || ASCII.isLetter(byte(first)) else { return nil }
    return end + 1
  }
}
