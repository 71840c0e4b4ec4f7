// Words and numbers: how far they reach.

extension WordScanner {
  /// A token that begins with a letter or a digit.
  mutating func scanAlphanumeric() {
    let lead = text[position]
    if ASCII.isAlphanumeric(lead) {
      if let end = addressEnd() { return emit(to: end) }
      if let end = emoticonEnd() { return emit(to: end, keepsCase: true) }
      if ASCII.isDigit(lead), isKeycap(position) { return emit(to: extendingEnd(from: position + 1)) }
    }
    let end = wordEnd(from: position)
    if isLetterFace(position..<end) { return emit(to: end, isWord: true, keepsCase: true) }
    emitWord(to: end)
  }

  /// The end of the word that has a letter or digit at `start`.
  func wordEnd(from start: Int) -> Int {
    var end = start
    while true {
      end = plainEnd(from: end)
      guard let next = joinedIndex(at: end) else { return end }
      end = next
    }
  }

  /// Letters, digits and marks.
  private func plainEnd(from start: Int) -> Int {
    var end = start
    while end < text.count {
      let lead = text[end]
      if lead < 0x80 {
        guard ASCII.isAlphanumeric(lead), end == start || !isKeycap(end) else { return end }
        end += 1
      } else {
        let (scalarClass, length) = classify(end)
        switch scalarClass {
        case .letter, .digit: end += length
        case .extending:
          if isSkinTone(end) { return end }
          end += length
        case .separator, .regionalIndicator, .symbol: return end
        }
      }
    }
    return end
  }

  /// Where the word goes on after the joiner at `index`, or nil when it ends there.
  private func joinedIndex(at index: Int) -> Int? {
    guard index < text.count else { return nil }
    switch text[index] {
    case UInt8(ascii: "-"), UInt8(ascii: "'"), UInt8(ascii: "."), UInt8(ascii: "/"):
      return continued(at: index + 1)
    case UInt8(ascii: "_"):
      return continued(at: index + run(of: UInt8(ascii: "_"), from: index))
    case UInt8(ascii: "*"):
      let next = index + run(of: UInt8(ascii: "*"), from: index)
      return ASCII.isLetter(byte(index - 1)) && ASCII.isLetter(byte(next)) ? next : nil
    case UInt8(ascii: "&"):
      guard ASCII.isLetter(byte(index - 1)), ASCII.isLetter(byte(index + 1)), entityEnd(from: index) == nil else {
        return nil
      }
      return index + 1
    case UInt8(ascii: ","), UInt8(ascii: ":"):
      return ASCII.isDigit(byte(index - 1)) && ASCII.isDigit(byte(index + 1)) ? continued(at: index + 1) : nil
    case 0xC2 where byte(index + 1) == 0xB7:  // Catalan's middle dot.
      return continued(at: index + 2)
    case 0xE2 where byte(index + 1) == 0x80 && [0x90, 0x91, 0x99].contains(byte(index + 2)):  // Hyphens, apostrophe.
      return continued(at: index + 3)
    default: return nil
    }
  }

  /// The index, when a letter or digit that belongs to a word stands there.
  private func continued(at index: Int) -> Int? {
    isAlphanumeric(index) && !isKeycap(index) ? index : nil
  }

  /// Whether the byte at an index is boxed by U+20E3, with or without U+FE0F.
  private func isKeycap(_ index: Int) -> Bool {
    var next = index + 1
    if byte(next) == 0xEF && byte(next + 1) == 0xB8 && byte(next + 2) == 0x8F { next += 3 }
    return byte(next) == 0xE2 && byte(next + 1) == 0x83 && byte(next + 2) == 0xA3 && ASCII.isDigit(byte(index))
  }

  private func isSkinTone(_ index: Int) -> Bool {
    byte(index) == 0xF0 && byte(index + 1) == 0x9F && byte(index + 2) == 0x8F && byte(index + 3) >= 0xBB
  }
}
