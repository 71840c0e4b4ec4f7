// What a Unicode scalar is to the pipelines of subword tokenizers.
//
// The classes come from the standard library's `Unicode.Scalar.Properties`. Ids have to be those of the library that
// made a tokenizer, and its parts follow several versions of Unicode: its regular expressions version 16, BERT's
// punctuation and accents version 8, the stripping of accents version 9. A scalar that is younger has no class there,
// so it has none here: `age` says so.

/// The classes of one scalar.
struct ScalarFlags: OptionSet, Sendable {
  let rawValue: UInt16

  /// General category L (Unicode 16).
  static let letter = ScalarFlags(rawValue: 1)
  /// General category N (Unicode 16).
  static let number = ScalarFlags(rawValue: 2)
  /// White_Space.
  static let space = ScalarFlags(rawValue: 4)
  /// General category M (Unicode 9): what `StripAccents` takes away.
  static let accent = ScalarFlags(rawValue: 8)
  /// General category Mn (Unicode 8): what BERT takes away with the accents.
  static let nonspacingMark = ScalarFlags(rawValue: 16)
  /// General category P (Unicode 8), and the other printing ASCII characters that are neither letter nor digit.
  static let punctuation = ScalarFlags(rawValue: 32)
  /// General categories Cc, Cf and Co (Unicode 8).
  static let control = ScalarFlags(rawValue: 64)
  /// Lu, Lt, Lm, Lo or M (Unicode 16): what may stand where a capital is expected.
  static let upper = ScalarFlags(rawValue: 128)
  /// Ll, Lm, Lo or M (Unicode 16): what may stand where a small letter is expected.
  static let lower = ScalarFlags(rawValue: 256)
  /// `\w` of Unicode Technical Standard 18 (Unicode 16): alphabetic, mark, decimal digit, connector, join control.
  static let word = ScalarFlags(rawValue: 512)
  /// The blocks of Chinese characters that BERT sets apart.
  static let ideograph = ScalarFlags(rawValue: 1024)
  /// General category N of the standard library's version.
  static let numeric = ScalarFlags(rawValue: 2048)

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The classes, from the standard library.
  init(_ scalar: Unicode.Scalar) {
    let properties = scalar.properties
    var flags = ScalarFlags(category: properties.generalCategory)
    if properties.isAlphabetic || properties.isJoinControl { flags.insert(.word) }
    if scalar.isASCII, 0x21...0x7E ~= scalar.value, flags.isDisjoint(with: [.letter, .number]) {
      flags.insert(.punctuation)
    }
    let version = properties.age.map { $0.major } ?? 0
    if version > 8 { flags.subtract([.punctuation, .nonspacingMark, .control]) }
    if version > 9 { flags.remove(.accent) }
    if version > 16 { flags.subtract([.letter, .number, .upper, .lower, .word]) }
    flags.takeEarlierCategory(scalar.value)
    if properties.isWhitespace { flags.insert(.space) }
    if ScalarFlags.isIdeograph(scalar.value) { flags.insert(.ideograph) }
    self = flags
  }

  /// Scalars whose category was another in the version that counts.
  private mutating func takeEarlierCategory(_ value: UInt32) {
    switch value {
    case 0x166D: insert(.punctuation)
    case 0x111C9:
      insert(.punctuation)
      subtract([.nonspacingMark, .accent])
    case 0x1734, 0x1171E: insert(.nonspacingMark)
    case 0x1885, 0x1886, 0xA9BD: remove(.nonspacingMark)
    case 0x1CF2, 0x1CF3: insert(.accent)
    case 0x0295: remove(.upper)
    default: break
    }
  }

  private init(category: Unicode.GeneralCategory) {
    switch category {
    case .uppercaseLetter, .titlecaseLetter: self = [.letter, .upper]
    case .lowercaseLetter: self = [.letter, .lower]
    case .modifierLetter, .otherLetter: self = [.letter, .upper, .lower]
    case .decimalNumber: self = [.number, .numeric, .word]
    case .letterNumber, .otherNumber: self = [.number, .numeric]
    case .nonspacingMark: self = [.accent, .nonspacingMark, .upper, .lower, .word]
    case .spacingMark, .enclosingMark: self = [.accent, .upper, .lower, .word]
    case .connectorPunctuation: self = [.punctuation, .word]
    case .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation, .finalPunctuation,
      .otherPunctuation:
      self = .punctuation
    case .control, .format, .privateUse: self = .control
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator, .lineSeparator,
      .paragraphSeparator, .surrogate, .unassigned:
      self = []
    @unknown default: self = []
    }
  }

  private static func isIdeograph(_ value: UInt32) -> Bool {
    switch value {
    case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}
