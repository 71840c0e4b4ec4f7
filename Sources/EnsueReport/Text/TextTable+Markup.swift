// The table in Markdown and HTML.

extension TextTable {
  /// The table in Markdown (the table extension that GitHub and Pandoc read), escaped.
  public var markdown: String {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
    var text = line(columns.map { Markup.markdown($0.title) })
    text += line(columns.map { $0.alignment == .trailing ? "---:" : ":---" })
    for (row, cells) in rows.enumerated() {
      text += line(
        cells.enumerated().map { column, cell in
          let escaped = Markup.markdown(cell)
          return isEmphasized(row, column) ? "**\(escaped)**" : escaped
        })
    }
    return text
  }

  /// The table as an HTML `table` element, escaped. The first cell of a row is its head.
  ///
  /// Cells of trailing columns have the class `number`, emphasised ones `best`; every cell repeats its column's title
  /// in `data-title`, so that a style sheet can turn rows into cards on narrow screens. A cell longer than 160 characters is
  /// shortened, with the whole text in its `title`.
  public var html: String { html(caption: nil) }

  /// The same with a caption.
  public func html(caption: String?) -> String {
    var text = "<table>\n"
    if let caption { text += "<caption>\(Markup.escaped(caption))</caption>\n" }
    let heads = columns.enumerated().map { column, head in
      "<th scope=\"col\"\(classes(nil, column))>\(Markup.escaped(head.title))</th>"
    }
    text += "<thead><tr>\(heads.joined())</tr></thead>\n<tbody>\n"
    for (row, cells) in rows.enumerated() {
      text += "<tr>"
      for (column, cell) in cells.enumerated() { text += htmlCell(cell, row, column) }
      text += "</tr>\n"
    }
    return text + "</tbody>\n</table>\n"
  }

  private func htmlCell(_ cell: String, _ row: Int, _ column: Int) -> String {
    let tag = column == 0 ? "th" : "td"
    let scope = column == 0 ? " scope=\"row\"" : ""
    let title = " data-title=\"\(Markup.escaped(columns[column].title))\""
    let content = htmlText(cell)
    let strong = isEmphasized(row, column) ? "<strong>\(content)</strong>" : content
    return "<\(tag)\(scope)\(classes(row, column))\(title)>\(strong)</\(tag)>"
  }

  /// A cell's text; a very long one is shortened, with the whole text under the pointer.
  private func htmlText(_ cell: String) -> String {
    let clean = DisplayText.clean(cell)
    let shown = DisplayText.shortened(clean, width: 160)
    if shown == clean { return Markup.escaped(clean) }
    return "<span title=\"\(Markup.escaped(clean))\">\(Markup.escaped(shown))</span>"
  }

  private func classes(_ row: Int?, _ column: Int) -> String {
    var names: [String] = []
    if columns[column].alignment == .trailing { names.append("number") }
    if let row, isEmphasized(row, column) { names.append("best") }
    return names.isEmpty ? "" : " class=\"\(names.joined(separator: " "))\""
  }
}
