// How a terminal shows that one cell weighs more than another.

/// The ways to shade a cell of text.
package enum ShadingKind: String, CaseIterable, Sendable {
  /// Backgrounds of the 256-colour palette, dark for little, bright for much, each with letters that can be read on it:
  /// the same on light and dark terminals.
  case colours
  /// The block characters ░ ▒ ▓ █.
  case blocks
  /// Per cent as plain text.
  case numbers

  /// The palette's numbers from little to much (black, purples, red, oranges, yellow: after Matplotlib's inferno).
  private static let backgrounds = [234, 53, 89, 125, 166, 208, 214, 228]
  /// From this background on letters are black.
  private static let firstBright = 5

  /// The cells that a number needs beside its column's neighbour, the space between them among them.
  var cellWidth: Int {
    switch self {
    case .colours, .blocks: 2
    case .numbers: 4
    }
  }

  /// A cell of a matrix.
  /// - Parameters:
  ///   - shade: the share of the full shade.
  ///   - width: in terminal cells; the last of them separates where the shade does not.
  func cell(_ value: Double, shade: Double, width: Int) -> String {
    switch self {
    case .colours:
      painted(DisplayText.padded(width >= 4 ? ShadingKind.percent(value) : "", to: width, trailing: true), shade)
    case .blocks: String(repeating: ShadingKind.block(shade), count: width)
    case .numbers: DisplayText.padded(ShadingKind.percent(value), to: width, trailing: true)
    }
  }

  /// A word that weighs so much, and the terminal cells it takes.
  func word(_ word: String, _ value: Double, shade: Double) -> (text: String, width: Int) {
    let plain: String
    switch self {
    case .colours: plain = " \(word) "
    case .blocks: plain = "\(word)\(ShadingKind.block(shade))"
    case .numbers: plain = "\(word) \(ShadingKind.percent(value))"
    }
    return (self == .colours ? painted(plain, shade) : plain, DisplayText.width(plain))
  }

  private func painted(_ text: String, _ shade: Double) -> String {
    let level = min(ShadingKind.backgrounds.count - 1, Int(shade * Double(ShadingKind.backgrounds.count)))
    let ink = level < ShadingKind.firstBright ? 255 : 16
    return "\u{1B}[38;5;\(ink);48;5;\(ShadingKind.backgrounds[level])m\(text)\u{1B}[0m"
  }

  private static func block(_ shade: Double) -> String {
    let blocks = [" ", "░", "▒", "▓", "█"]
    return blocks[min(blocks.count - 1, Int(shade * Double(blocks.count)))]
  }

  /// Whole per cent without the sign; a point for what rounds to 0.
  static func percent(_ value: Double) -> String {
    let text = Format.fixed(value * 100, places: 0)
    return text == "0" || text == "-0" ? "." : text
  }
}
