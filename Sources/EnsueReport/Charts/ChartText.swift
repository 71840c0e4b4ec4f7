// How much room a label takes. The font is the reader's, so this is an estimate on the safe side.

/// Widths of text in charts, in user units.
enum ChartText {
  /// An upper estimate of the width of `text` in a proportional sans-serif font.
  static func width(_ text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + factor($1) } * size
  }

  /// `text` made safe and short enough for `width`, ending in `…` where something was left out.
  static func shortened(_ text: String, width limit: Double, size: Double) -> String {
    let clean = DisplayText.clean(text)
    guard width(clean, size: size) > limit else { return clean }
    var result = String.UnicodeScalarView()
    var used = size
    for scalar in clean.unicodeScalars {
      used += factor(scalar) * size
      if used > limit { break }
      result.append(scalar)
    }
    while result.last == " " { result.removeLast() }
    return String(result) + "…"
  }

  /// The width of a scalar in units of the font size.
  private static func factor(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "t", "f", "I", "'", "|", ".", ",", ":", ";", "!", " ", "(", ")", "[", "]", "/", "-": 0.36
    case "m", "w", "M", "W", "%", "@", "…", "—", "±": 0.92
    case "A"..."Z": 0.70
    case "0"..."9": 0.60
    default: DisplayText.width(scalar) == 0 ? 0 : DisplayText.width(scalar) == 2 ? 1.08 : 0.59
    }
  }
}
