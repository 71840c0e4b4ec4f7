// The text of a formula as lines, and the failures that point into it.

import EnsueFiles

/// A formula's text, split into lines of scalars.
struct FormulaSource: Sendable {
  /// The file, for messages.
  let name: String
  let lines: [[Unicode.Scalar]]

  /// The widest line shown in a message, in columns.
  private static let excerptWidth = 100

  /// Lines end with LF, CR LF or CR; a byte order mark at the beginning is skipped.
  init(_ text: String, name: String) {
    self.name = name
    var lines: [[Unicode.Scalar]] = [[]]
    var previous: Unicode.Scalar?
    for (index, scalar) in text.unicodeScalars.enumerated() {
      switch scalar {
      case "\u{FEFF}" where index == 0: break
      case "\n" where previous == "\r": break
      case "\n", "\r": lines.append([])
      default: lines[lines.count - 1].append(scalar)
      }
      previous = scalar
    }
    self.lines = lines
  }

  /// A failure at a line and a column of scalars, both from 0.
  func failure(line: Int, column: Int, _ problem: String, _ advice: String) -> Failure {
    Failure(
      .data, at: "\(name):\(line + 1)", problem, advice: advice, excerpt: excerpt(line: line, column: column))
  }

  /// The line and a caret under a column. The caret stands where the column is displayed: combining marks take no
  /// room, tabs are shown as a space, and what cannot be shown as �. Of a long line only the surroundings are shown.
  func excerpt(line: Int, column: Int) -> [String] {
    guard lines.indices.contains(line) else { return [] }
    let cells = FormulaSource.cells(of: lines[line])
    let caret = cells.lastIndex { $0.start <= column } ?? 0
    var from = 0
    var width = 0
    // The window: from the beginning when the caret is near it, else from 60 columns before the caret.
    for index in cells.indices.prefix(caret).reversed() {
      width += cells[index].width
      if width > 60 {
        from = index + 1
        break
      }
    }
    let total = cells.reduce(0) { $0 + $1.width }
    if total <= FormulaSource.excerptWidth { from = 0 }
    var shown = from > 0 ? "…" : ""
    var indent = from > 0 ? 1 : 0
    width = 0
    for index in cells.indices.dropFirst(from) {
      guard width < FormulaSource.excerptWidth else {
        shown += "…"
        break
      }
      if index < caret { indent += cells[index].width }
      shown += cells[index].text
      width += cells[index].width
    }
    return ["  " + shown, "  " + String(repeating: " ", count: indent) + "^"]
  }

  /// A displayed character: a scalar with the marks on it.
  private struct Cell {
    let start: Int
    var text: String
    let width: Int
  }

  private static func cells(of line: [Unicode.Scalar]) -> [Cell] {
    var cells: [Cell] = []
    for (index, scalar) in line.enumerated() {
      if FormulaNames.isCombining(scalar), let base = cells.indices.last, cells[base].text != " " {
        // More marks than any script stacks would climb over the lines above.
        if cells[base].text.unicodeScalars.count < 5 { cells[base].text.unicodeScalars.append(scalar) }
      } else {
        cells.append(Cell(start: index, text: shown(scalar), width: isWide(scalar) ? 2 : 1))
      }
    }
    return cells
  }

  private static func shown(_ scalar: Unicode.Scalar) -> String {
    if scalar == "\t" || scalar.properties.generalCategory == .spaceSeparator { return " " }
    return isVisible(scalar) ? String(scalar) : "\u{FFFD}"
  }

  /// Whether a scalar shows as a character of its own.
  static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned,
      .nonspacingMark, .enclosingMark, .spacingMark:
      false
    default: !scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// Scalars of two columns (Unicode's East Asian width W and F, by block).
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      !scalar.properties.isDefaultIgnorableCodePoint
    default: false
    }
  }
}
