// Faces made of punctuation. Each match looks at a few bytes only; the mouth may repeat.

extension WordScanner {
  /// Faces that the pattern does not reach, the longer of a common beginning first.
  private static let faces: [StaticString] = [
    "\u{AF}\\_(\u{30C4})_/\u{AF}", "</3", "^_^", "^.^", "^-^", "^^", "-__-", "-_-", ">_<", ">.<", ">_>", "<_<",
    "\\o/", "\\m/", "*_*", "$_$", "._.", ";_;", "d:<", "d-:", "d':",
  ]
  /// Faces that are words to the tokenizer; they keep their case.
  private static let letterFaces: [StaticString] = ["t_t", "t.t", "o_o", "o.o", "0_0", "u_u"]

  /// The end of the emoticon at the position, if there is one.
  func emoticonEnd() -> Int? {
    switch text[position] {
    case UInt8(ascii: ":"), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "8"):
      return faceEnd(from: position) ?? listedEnd(WordScanner.faces)
    case UInt8(ascii: ">"):
      return (isEyes(byte(position + 1)) ? faceEnd(from: position + 1) : nil) ?? listedEnd(WordScanner.faces)
    case UInt8(ascii: "("), UInt8(ascii: ")"): return mirroredEnd()
    case UInt8(ascii: "<"): return heartEnd() ?? listedEnd(WordScanner.faces)
    case UInt8(ascii: "^"), UInt8(ascii: "-"), UInt8(ascii: "\\"), UInt8(ascii: "*"),
      UInt8(ascii: "$"), UInt8(ascii: "."), 0xC2, UInt8(ascii: "D"), UInt8(ascii: "d"):
      return listedEnd(WordScanner.faces)
    default: return nil
    }
  }

  private func isEyes(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ":") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "=")
  }

  /// Eyes, perhaps a tear, perhaps a nose, mouth.
  private func faceEnd(from eyes: Int) -> Int? {
    let eye = text[eyes]
    var mouth = eyes + 1
    if byte(mouth) == UInt8(ascii: "'") { mouth += 1 }
    switch byte(mouth) {
    case UInt8(ascii: "-"), UInt8(ascii: "^"), UInt8(ascii: "~"): mouth += 1
    case UInt8(ascii: "o") where isBracket(byte(mouth + 1)): mouth += 1
    default: break
    }
    if eye == UInt8(ascii: "8"), byte(eyes + 1) != UInt8(ascii: "-") || followsWord { return nil }
    let shape = byte(mouth)
    if isBracket(shape) {
      let end = mouth + run(of: shape, from: mouth)
      return followsWord && isAlphanumeric(end) ? nil : end
    }
    guard isMouth(shape, eye: eye, hasNose: mouth > eyes + 1), !followsWord else { return nil }
    let end = mouth + (shape == UInt8(ascii: "D") ? run(of: shape, from: mouth) : 1)
    if shape == UInt8(ascii: "/"), byte(end) == shape { return nil }
    return isAlphanumeric(end) ? nil : end
  }

  private func isBracket(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
      UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// Mouths that are not brackets. An equals sign for eyes takes few, because it is also an equals sign.
  private func isMouth(_ byte: UInt8, eye: UInt8, hasNose: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "D"), UInt8(ascii: "P"), UInt8(ascii: "p"), UInt8(ascii: "/"), UInt8(ascii: "\\"),
      UInt8(ascii: "|"):
      true
    case UInt8(ascii: "d"), UInt8(ascii: "O"), UInt8(ascii: "o"), UInt8(ascii: "0"), UInt8(ascii: "3"),
      UInt8(ascii: "S"), UInt8(ascii: "s"), UInt8(ascii: "X"), UInt8(ascii: "x"), UInt8(ascii: "C"),
      UInt8(ascii: "c"), UInt8(ascii: "b"), UInt8(ascii: "L"), UInt8(ascii: "*"), UInt8(ascii: "@"),
      UInt8(ascii: "$"), UInt8(ascii: "#"), UInt8(ascii: "<"), UInt8(ascii: ">"):
      eye == UInt8(ascii: ":") || hasNose
    default: false
    }
  }

  /// `(:` and `):`, with or without a nose, after white space.
  private func mirroredEnd() -> Int? {
    guard isFresh else { return nil }
    let nose = byte(position + 1)
    let eyes = position + (nose == UInt8(ascii: "-") || nose == UInt8(ascii: "^") || nose == UInt8(ascii: "'") ? 2 : 1)
    guard byte(eyes) == UInt8(ascii: ":") || byte(eyes) == UInt8(ascii: ";") else { return nil }
    // `(:)` and `(:-)` are a face in brackets.
    if let face = faceEnd(from: eyes), face > eyes + 1 { return nil }
    return isAlphanumeric(eyes + 1) ? nil : eyes + 1
  }

  /// `<3`, `<33`.
  private func heartEnd() -> Int? {
    let length = run(of: UInt8(ascii: "3"), from: position + 1)
    let end = position + 1 + length
    return length > 0 && !followsWord && !isAlphanumeric(end) ? end : nil
  }

  private func listedEnd(_ faces: [StaticString]) -> Int? {
    guard !followsWord else { return nil }
    for face in faces where continues(position, with: face) {
      let end = position + face.utf8CodeUnitCount
      if !isAlphanumeric(end) { return end }
    }
    return nil
  }

  /// Whether a whole word is a face: `xD`, `XDD`, `o_O`, `T_T`.
  func isLetterFace(_ word: Range<Int>) -> Bool {
    let start = word.lowerBound
    if word.count > 1, ASCII.lowercase(text[start]) == UInt8(ascii: "x") {
      return run(of: UInt8(ascii: "D"), from: start + 1) == word.count - 1
    }
    guard word.count == 3 else { return false }
    return WordScanner.letterFaces.contains { continues(start, with: $0) }
  }
}
