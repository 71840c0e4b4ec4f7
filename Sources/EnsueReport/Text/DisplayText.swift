// Text from inputs as it may be shown: control characters made harmless, width counted in terminal cells.

/// Names from files and options, made safe to print and measured.
///
/// Everything works on Unicode scalars: a table must not fall out of step because a name holds one odd character.
package enum DisplayText {
  /// `text` on one line: line ends and tabs become spaces; other control characters (among them the escape that
  /// starts a terminal's commands), bidirectional overrides and scalars that XML forbids become U+FFFD.
  package static func clean(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0A, 0x0D, 0x85, 0x2028, 0x2029: result.append(" ")
      case 0x00..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The cells that a terminal gives to `text`: 2 for wide scalars, 0 for combining ones.
  package static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1) }
  }

  /// The cells that a terminal gives to one scalar.
  static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // Vowels and final consonants of decomposed Korean join the syllable before them.
    if 0x1160...0x11FF ~= scalar.value { return 0 }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0 ~= scalar.value } ? 2 : 1
  }

  /// Scalars of East Asian Width W or F (Unicode Standard Annex 11), joined over unassigned gaps.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
    0x16FE0...0x18DFF, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]

  /// `text` filled with spaces to `width` cells.
  static func padded(_ text: String, to width: Int, trailing: Bool) -> String {
    let spaces = String(repeating: " ", count: max(0, width - DisplayText.width(text)))
    return trailing ? spaces + text : text + spaces
  }

  /// `text` in pieces of at most `width` cells, for lines that must not be cut; at least one scalar a piece.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var pieces: [String] = []
    var piece = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      let cells = DisplayText.width(scalar)
      if used + cells > width, !piece.isEmpty {
        pieces.append(String(piece))
        piece = String.UnicodeScalarView()
        used = 0
      }
      piece.append(scalar)
      used += cells
    }
    pieces.append(String(piece))
    return pieces
  }

  /// `text` in lines of at most `width` cells, broken at spaces; words that are longer are broken too.
  static func filled(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.unicodeScalars.split(separator: " ").map({ String($0) }) {
      let (used, needed) = (DisplayText.width(line), DisplayText.width(word))
      if used > 0 && used + 1 + needed > width {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
      if needed > width {
        let pieces = wrapped(line, width: max(1, width))
        lines += pieces.dropLast()
        line = pieces.last ?? ""
      }
    }
    return lines + [line]
  }

  /// The width of the longest word of `text`: below it, `filled` breaks words.
  static func longestWord(_ text: String) -> Int {
    text.unicodeScalars.split(separator: " ").reduce(0) { max($0, DisplayText.width(String($1))) }
  }

  /// `text` in at most `width` cells, with `…` in place of what was left out.
  static func shortened(_ text: String, width: Int) -> String {
    guard DisplayText.width(text) > width else { return text }
    var result = String.UnicodeScalarView()
    var used = 1
    for scalar in text.unicodeScalars {
      used += DisplayText.width(scalar)
      if used > width { break }
      result.append(scalar)
    }
    return width < 1 ? "" : String(result) + "…"
  }
}
