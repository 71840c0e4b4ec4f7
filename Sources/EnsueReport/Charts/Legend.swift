// The legend under a chart, set in rows.

/// Entries of a legend, placed.
struct Legend {
  struct Entry {
    let name: String
    /// The colour and marker; `nil` for an entry that explains a line style.
    let color: Int?
    let isDashed: Bool
  }

  static let rowHeight = 21.0
  private static let swatch = 26.0
  private static let gap = 18.0

  private let placed: [(entry: Entry, text: String, x: Double, row: Int)]
  private let rowCount: Int

  /// Sets entries into rows of `width`, from `left` on.
  init(_ entries: [Entry], left: Double, width: Double) {
    var placed: [(entry: Entry, text: String, x: Double, row: Int)] = []
    var x = 0.0
    var row = 0
    for entry in entries {
      let limit = width - Legend.swatch - 8
      let text = ChartText.shortened(entry.name, width: limit, size: ChartStyle.textSize)
      let needed = Legend.swatch + 6 + ChartText.width(text, size: ChartStyle.textSize)
      if x > 0 && x + needed > width {
        x = 0
        row += 1
      }
      placed.append((entry, text, left + x, row))
      x += needed + Legend.gap
    }
    self.placed = placed
    rowCount = entries.isEmpty ? 0 : row + 1
  }

  var height: Double { Double(rowCount) * Legend.rowHeight }

  func draw(on canvas: inout SVGCanvas, top: Double) {
    for (entry, text, x, row) in placed {
      let y = top + (Double(row) + 0.5) * Legend.rowHeight
      let color = entry.color.map { "c\($0 % ChartStyle.palette.count)" } ?? "key"
      canvas.group(style: color) {
        $0.line(x, y, x + Legend.swatch - 4, y, style: entry.isDashed ? "line dashed" : "line")
        if let shape = entry.color { $0.marker(shape, x: x + Legend.swatch / 2 - 2, y: y, style: "mark") }
      }
      canvas.text(text, x: x + Legend.swatch + 3, y: y + 4.5, hover: text == entry.name ? nil : entry.name)
    }
  }
}
