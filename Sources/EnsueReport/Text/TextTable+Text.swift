// The table in a terminal.

extension TextTable {
  /// The table for a terminal of `width` cells, with a line end after every line.
  ///
  /// Titles and text columns that do not fit are broken between words. Where that is not enough, every row becomes a
  /// block of `name: value` lines: nothing is left out at any width. Cells are measured as terminals show them
  /// (East Asian wide, combining characters).
  public func text(width: Int) -> String {
    let cells = plainCells
    guard let widths = widths(of: cells, width: width) else { return blocks(cells, width: width) }
    return grid(cells, widths)
  }

  /// The most lines that a cell of the grid should take.
  private static let mostLines = 4

  /// The rows as plain text. In a trailing column with emphasised cells the others get a space in place of the star.
  private var plainCells: [[String]] {
    let starred = columns.indices.map { column in rows.indices.contains { isEmphasized($0, column) } }
    return rows.enumerated().map { row, cells in
      cells.enumerated().map { column, cell in
        let text = DisplayText.clean(cell)
        if isEmphasized(row, column) { return text + "*" }
        return starred[column] && columns[column].alignment == .trailing ? text + " " : text
      }
    }
  }

  /// The widths of the columns; `nil` when they do not fit without breaking a word or a number.
  private func widths(of cells: [[String]], width: Int) -> [Int]? {
    let titles = columns.map { DisplayText.clean($0.title) }
    let wanted = columns.indices.map { column in
      cells.reduce(DisplayText.width(titles[column])) { max($0, DisplayText.width($1[column])) }
    }
    var widths = columns.indices.map { column in
      let isText = columns[column].alignment == .leading
      return cells.reduce(DisplayText.longestWord(titles[column])) {
        max($0, isText ? DisplayText.longestWord($1[column]) : DisplayText.width($1[column]))
      }
    }
    var left = width - widths.reduce(0, +) - 2 * (columns.count - 1)
    // An empty table has nothing to put into blocks.
    if rows.isEmpty { return wanted }
    guard left >= 0 else { return nil }
    // What is left goes to those that want least, so that as few columns as possible are broken.
    let order = columns.indices.sorted { (wanted[$0] - widths[$0], $0) < (wanted[$1] - widths[$1], $1) }
    for column in order {
      let more = min(wanted[column] - widths[column], left)
      widths[column] += more
      left -= more
    }
    // A tall narrow column reads worse than blocks.
    let isTall = cells.contains { row in
      columns.indices.contains { DisplayText.width(row[$0]) > TextTable.mostLines * widths[$0] }
    }
    return isTall ? nil : widths
  }

  private func grid(_ cells: [[String]], _ widths: [Int]) -> String {
    let titles = columns.enumerated().map {
      DisplayText.filled(DisplayText.clean($0.element.title), width: widths[$0.offset])
    }
    let titleHeight = titles.reduce(1) { max($0, $1.count) }
    // Titles stand on the rule, so shorter ones begin lower.
    var text = lines(titles.map { Array(repeating: "", count: titleHeight - $0.count) + $0 }, widths)
    text += lines(widths.map { [String(repeating: "─", count: $0)] }, widths)
    for row in cells {
      text += lines(
        row.enumerated().map { column, cell in
          DisplayText.width(cell) <= widths[column] ? [cell] : DisplayText.filled(cell, width: widths[column])
        }, widths)
    }
    return rows.isEmpty ? text + "(no rows)\n" : text
  }

  /// One row of cells of one or more lines each.
  private func lines(_ cells: [[String]], _ widths: [Int]) -> String {
    let height = cells.reduce(1) { max($0, $1.count) }
    return (0..<height).map { index in
      let line = cells.enumerated().map { column, cell in
        DisplayText.padded(
          index < cell.count ? cell[index] : "", to: widths[column], trailing: columns[column].alignment == .trailing)
      }
      return TextTable.trimmed(line.joined(separator: "  ")) + "\n"
    }.joined()
  }

  private func blocks(_ cells: [[String]], width: Int) -> String {
    let titles = columns.map { DisplayText.clean($0.title) + ":" }
    let longest = titles.reduce(0) { max($0, DisplayText.width($1)) }
    // Values stand in one column where that leaves them half of the line.
    let indent = longest + 1 <= width / 2 ? longest + 1 : 0
    let blocks = cells.map { row in
      zip(titles, row).map { entry($0, TextTable.trimmed($1), indent: indent, width: width) }.joined()
    }
    return blocks.joined(separator: "\n")
  }

  private func entry(_ title: String, _ cell: String, indent: Int, width: Int) -> String {
    if cell.isEmpty { return title + "\n" }
    let head = DisplayText.padded(title, to: indent - 1, trailing: false) + " "
    if DisplayText.width(head) + DisplayText.width(cell) <= width { return head + cell + "\n" }
    guard indent > 0 else {
      let values = DisplayText.filled(cell, width: max(1, width - 2)).map { "  " + $0 }
      return (DisplayText.filled(title, width: max(1, width)) + values).joined(separator: "\n") + "\n"
    }
    let margin = "\n" + String(repeating: " ", count: indent)
    return head + DisplayText.filled(cell, width: width - indent).joined(separator: margin) + "\n"
  }

  /// `text` without spaces at its end.
  private static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars
    while scalars.last == " " { scalars.removeLast() }
    return String(scalars)
  }
}
