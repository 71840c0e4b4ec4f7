// What a word is to BLEU: the tokenisations of mteval and of sacreBLEU (Post, 2018) that need no data from outside.
// Each regular expression of theirs matches one scalar or a pair, so that a scanner does its work.

/// How BLEU divides a line into words. Those that need a model (`ja-mecab`, `ko-mecab`, `spm`, `flores101`,
/// `flores200`, `spBLEU-1K`) are not offered.
public enum TranslationTokenizationKind: String, Codable, CaseIterable, Sendable {
  /// mteval-v13a of NIST, the rule of the Workshop on Machine Translation.
  case mteval13a = "13a"
  /// mteval-v14 in its international form: by Unicode's punctuation and symbols.
  case international = "intl"
  /// Every scalar that is no white space.
  case character = "char"
  /// Every Chinese character apart, the rest as `13a` does.
  case chinese = "zh"
  /// White space alone.
  case none

  /// In a line of help.
  public var summary: String {
    switch self {
    case .mteval13a: "as mteval-v13a"
    case .international: "at Unicode's punctuation and symbols"
    case .character: "characters"
    case .chinese: "Chinese characters, the rest as 13a"
    case .none: "at white space alone"
    }
  }

  /// The words of a line.
  func words(_ line: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
    switch self {
    case .mteval13a: ScalarText.words(Self.mteval(Self.withoutMarkup(line)))
    case .international: ScalarText.words(Self.international(line))
    case .character: line.indices.filter { !ScalarText.isSpace(line[$0]) }.map { line[$0...$0] }
    case .chinese:
      ScalarText.words(Self.mteval(ScalarText.surrounding(ScalarText.trimmed(line), where: Self.isChinese)))
    case .none: ScalarText.words(line)
    }
  }

  private static func withoutMarkup(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var line = ScalarText.replacing(Array("<skipped>".unicodeScalars), with: [], in: line)
    line = ScalarText.replacing(["-", "\n"], with: [], in: line)
    line = ScalarText.replacing(["\n"], with: [" "], in: line)
    return [" "] + WesternText.withoutEntities(line) + [" "]
  }

  private static func mteval(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    WesternText.spacingNumbers(ScalarText.surrounding(line, where: WesternText.isPunctuation))
  }

  private static func international(_ line: [Unicode.Scalar]) -> [Unicode.Scalar] {
    var line = ScalarText.spacingPairs(
      line, .aroundSecond, where: { !ScalarClass.isNumber($0) }, ScalarClass.isPunctuation)
    line = ScalarText.spacingPairs(
      line, .aroundFirst, where: ScalarClass.isPunctuation, { !ScalarClass.isNumber($0) })
    return ScalarText.surrounding(line, where: ScalarClass.isSymbol)
  }

  /// sacreBLEU's ranges, two of them as it reads them: what it writes as U+20000–U+2A6D6 and U+2F800–U+2FA1D are texts
  /// of two scalars there, and a scalar lies between them from U+2001 to U+2A6D and from U+2F81 to U+2FA1.
  private static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x2001: false
    case 0x2001...0x2A6D, 0x2E80...0x2FDF, 0x2FF0...0x303F, 0x3100...0x312F, 0x31A0...0x31BF, 0x31C0...0x31EF,
      0x3200...0x33FF, 0x3400...0x4DB5, 0x4E00...0x9FBB, 0xF900...0xFA2D, 0xFA30...0xFA6A, 0xFA70...0xFAD9,
      0xFE10...0xFE1F, 0xFE30...0xFE4F, 0xFF00...0xFFEF:
      true
    default: false
    }
  }
}

/// General categories of Unicode, ASCII without a search in the tables.
private enum ScalarClass {
  static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return ScalarText.isDigit(scalar) }
    switch scalar.properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: return true
    default: return false
    }
  }

  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return WesternText.isASCIIPunctuation(scalar) && !isSymbol(scalar) }
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return true
    default: return false
    }
  }

  static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 {
      switch scalar {
      case "$", "+", "<"..."\u{3E}", "^", "`", "|", "~": return true
      default: return false
      }
    }
    switch scalar.properties.generalCategory {
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: return true
    default: return false
    }
  }
}
