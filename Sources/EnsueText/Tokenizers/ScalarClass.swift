// What a Unicode scalar is to the word tokenizer.

/// The classes of scalars that `WordScanner` tells apart.
enum ScalarClass {
  /// Between tokens: white space, control characters, invisible marks of direction, byte order mark.
  case separator
  case letter
  case digit
  /// Goes with the scalar before it: combining marks, variation selectors, joiners, soft hyphen, skin tones, tags.
  case extending
  /// One half of a flag.
  case regionalIndicator
  /// Everything else; a token of its own.
  case symbol

  var isAlphanumeric: Bool { self == .letter || self == .digit }

  init(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      let byte = UInt8(truncatingIfNeeded: scalar.value)
      self =
        ASCII.isLetter(byte)
        ? .letter : ASCII.isDigit(byte) ? .digit : byte <= 0x20 || byte == 0x7F ? .separator : .symbol
      return
    }
    switch scalar.value {
    case 0x200B, 0x200E, 0x200F, 0x061C, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF, 0xFFF9...0xFFFB: self = .separator
    case 0x00AD, 0x200C, 0x200D, 0x1F3FB...0x1F3FF, 0xE0020...0xE007F: self = .extending
    case 0x1F1E6...0x1F1FF: self = .regionalIndicator
    default: self = ScalarClass(category: scalar.properties.generalCategory)
    }
  }

  private init(category: Unicode.GeneralCategory) {
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .digit
    case .nonspacingMark, .spacingMark, .enclosingMark: self = .extending
    case .spaceSeparator, .lineSeparator, .paragraphSeparator, .control: self = .separator
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .format,
      .surrogate, .privateUse, .unassigned:
      self = .symbol
    @unknown default: self = .symbol
    }
  }
}
