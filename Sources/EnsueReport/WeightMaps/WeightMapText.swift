// A weight map as text: a matrix where there is room, else for each row the columns that weigh most.

/// Lays a weight map out in columns of a terminal.
package struct WeightMapText: Sendable {
  package let map: WeightMap
  package let shading: ShadingKind
  /// The number with the full shade.
  package let largest: Double
  /// Labels as they are shown.
  private let rows: [String]
  private let columns: [String]

  /// - Parameter largest: nil for the map's own largest number.
  package init(_ map: WeightMap, shading: ShadingKind, largest: Double? = nil) {
    (self.map, self.shading, self.largest) = (map, shading, largest ?? map.largest)
    rows = map.rowLabels.map(DisplayText.clean)
    columns = map.columnLabels.map(DisplayText.clean)
  }

  /// Columns of words, or of numbers that the rows' labels repeat, as there is room; a row of text a row where there is
  /// none. No line is longer than `width`, except for a single word and its number in a very narrow one.
  package func text(width: Int) -> String {
    matrix(wordLimit: .max, width) ?? matrix(wordLimit: 6, width) ?? numberedMatrix(width) ?? list(width)
  }

  /// Columns under their words.
  private func matrix(wordLimit: Int, _ width: Int) -> String? {
    let longest = min(rows.map(DisplayText.width).max() ?? 0, labelLimit(width))
    let heads = columns.map { DisplayText.shortened($0, width: wordLimit) }
    // Room for a number, whatever the shading; -100 and a space are wider than others.
    let sign = map.values.contains { $0.contains { $0 <= -0.995 } } ? 1 : 0
    let widths = heads.map { max(ShadingKind.numbers.cellWidth + sign, DisplayText.width($0) + 1) }
    let label = longest + (shading == .numbers ? 0 : 1)
    guard label + widths.reduce(0, +) <= width else { return nil }
    let head = zip(heads, widths).map { DisplayText.padded($0, to: $1, trailing: true) }.joined()
    return lines(label: label, head: head, widths: widths, rows: rows)
  }

  /// Columns under numbers.
  private func numberedMatrix(_ width: Int) -> String? {
    let digits = "\(columns.count)".utf8.count
    let cell = max(shading.cellWidth, digits + (shading == .numbers ? 1 : 0))
    let isSquare = map.rowLabels == map.columnLabels
    guard isSquare, cell <= shading.cellWidth, digits + 4 + columns.count * cell <= width else { return nil }
    let numbered = rows.enumerated().map { "\(pad("\($0.offset + 1)", digits, trailing: true)) \($0.element)" }
    let room = min(width - columns.count * cell - 1, labelLimit(width) + digits + 1)
    let label = min(numbered.map(DisplayText.width).max() ?? 0, room)
    let head = columns.indices.map { pad("\($0 + 1)", cell, trailing: true) }.joined()
    return lines(label: label, head: head, widths: .init(repeating: cell, count: columns.count), rows: numbered)
  }

  private func lines(label: Int, head: String, widths: [Int], rows: [String]) -> String {
    var text = pad("", label) + head + "\n"
    for (name, values) in zip(rows, map.values) {
      text += pad(DisplayText.shortened(name, width: label), label)
      for (value, width) in zip(values, widths) {
        text += shading.cell(value, shade: WeightMap.shade(value, of: largest), width: width)
      }
      text += "\n"
    }
    return text
  }

  /// A row of text for each row of the map: its columns by falling weight, as many as there is room for.
  private func list(_ width: Int) -> String {
    let label = min(rows.map(DisplayText.width).max() ?? 0, labelLimit(width))
    var text = ""
    for (name, values) in zip(rows, map.values) {
      var line = pad(DisplayText.shortened(name, width: label), label)
      var used = label
      let order = values.indices.sorted {
        abs(values[$0]) != abs(values[$1]) ? abs(values[$0]) > abs(values[$1]) : $0 < $1
      }
      for (place, column) in order.enumerated() {
        let (value, word) = (values[column], DisplayText.shortened(columns[column], width: max(4, width / 4)))
        let piece = shading.word(word, value, shade: WeightMap.shade(value, of: largest))
        guard place == 0 || used + 2 + piece.width <= width, value != 0 || place == 0 else { break }
        line += "  \(piece.text)"
        used += 2 + piece.width
      }
      text += line + "\n"
    }
    return text
  }

  /// The most of a line that row labels take.
  private func labelLimit(_ width: Int) -> Int { max(4, width / 4) }

  private func pad(_ text: String, _ width: Int, trailing: Bool = false) -> String {
    DisplayText.padded(text, to: width, trailing: trailing)
  }
}
