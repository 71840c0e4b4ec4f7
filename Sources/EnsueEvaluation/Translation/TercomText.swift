// Words for the translation edit rate, as Tercom (Snover et al., 2006) and sacreBLEU prepare them.

/// What is done to a line before its words are compared.
struct TercomText {
  let isNormalized: Bool
  let hasNoPunctuation: Bool
  let supportsAsian: Bool
  let isCaseSensitive: Bool

  /// The words of a hypothesis.
  func words(_ text: String) -> [ArraySlice<Unicode.Scalar>] { words(Array(text.unicodeScalars)) }

  /// The words of a reference: sacreBLEU prepares references twice, which tells where normalisation sets apart what it
  /// would divide further, as `it's「` to `it's 「` to `it 's 「`.
  func referenceWords(_ text: String) -> [ArraySlice<Unicode.Scalar>] {
    let words = words(text)
    return isNormalized ? self.words(Array(words.joined(separator: [" "]))) : words
  }

  private func words(_ text: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
    var line = ScalarText.trimmedAtEnd(text)
    if !isCaseSensitive { line = ScalarText.lowercased(line) }
    if isNormalized, !line.isEmpty {
      line = Self.normalizedWestern(line)
      if supportsAsian { line = Self.normalizedAsian(line) }
    }
    if hasNoPunctuation {
      line.removeAll { Self.isRemoved($0) || supportsAsian && Self.isAsianPunctuation($0) }
    }
    return ScalarText.words(line)
  }

  private static func normalizedWestern(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var line = ScalarText.replacing(["\n", "-"], with: [], in: line)
    line = ScalarText.replacing(["\n"], with: [" "], in: line)
    line = [" "] + WesternText.withoutEntities(line) + [" "]
    line = ScalarText.surrounding(line, where: WesternText.isPunctuation)
    line = ScalarText.replacing(["'", "s", " "], with: [" ", "'", "s", " "], in: line)
    return WesternText.spacingNumbers(line)
  }

  /// Ideographs, their kin and punctuation apart. Tercom's three rules for kana hold only at the very beginning of a
  /// line, where normalisation has put a space: they never do anything.
  private static func normalizedAsian(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    ScalarText.surrounding(line) { isIdeograph($0) || isAsianPunctuation($0) }
  }

  /// With Tercom's range from U+3200 to U+3F22, where U+32FF was meant.
  private static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x2E80: false
    case 0x2E80...0x2EFF, 0x31C0...0x31EF, 0x3200...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFE30...0xFE4F: true
    default: false
    }
  }

  private static func isAsianPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x3001: false
    case 0x3001, 0x3002, 0x3008...0x3011, 0x3014...0x301F, 0x30FB, 0xFF61...0xFF65: true
    case 0xFF01, 0xFF02, 0xFF08, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F: true
    default: false
    }
  }

  private static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ".", ",", "?", ":", ";", "!", "\"", "(", ")": true
    default: false
    }
  }
}
