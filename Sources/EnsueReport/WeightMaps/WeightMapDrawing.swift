// Lays weight maps out and draws them.

/// A chart of weight maps on a canvas.
struct WeightMapDrawing {
  private(set) var canvas = SVGCanvas()
  private(set) var height = 0.0
  private(set) var width: Double
  /// Where the widest row or line ends.
  private var end = 0.0

  private static let margin = 12.0
  /// Between panels.
  private static let gap = 24.0

  init(_ chart: WeightMapChart) {
    let panels = chart.sections.map { section in section.maps.map { WeightMapPanel($0, largest: section.largest) } }
    let widest = panels.joined().reduce(0) { max($0, $1.width) }
    width = max(chart.width, widest + 2 * WeightMapDrawing.margin)
    var y = WeightMapDrawing.margin
    if !chart.title.isEmpty {
      line(chart.title, &y, style: "title", size: ChartStyle.titleSize, advance: 24)
    }
    for (section, panels) in zip(chart.sections, panels) { draw(section, panels, &y) }
    height = y
    // What was laid out in less room needs no more.
    width = max(200, min(width, end + WeightMapDrawing.margin))
  }

  private mutating func draw(_ section: WeightMapChart.Section, _ panels: [WeightMapPanel], _ y: inout Double) {
    if !section.title.isEmpty { line(section.title, &y, style: "strong", size: ChartStyle.textSize, advance: 18) }
    line("full shade: \(Format.significant(section.largest))", &y, style: "small", size: 11.5, advance: 20)
    // Matrices stand side by side, texts below each other.
    var row: [WeightMapPanel] = []
    for panel in panels {
      let used = row.reduce(0) { $0 + $1.width + WeightMapDrawing.gap }
      if !row.isEmpty, panel.isText || used + panel.width > width - 2 * WeightMapDrawing.margin {
        place(row, &y)
        row = []
      }
      row.append(panel.fitted(to: width - 2 * WeightMapDrawing.margin))
    }
    place(row, &y)
  }

  private mutating func place(_ row: [WeightMapPanel], _ y: inout Double) {
    var x = WeightMapDrawing.margin
    for panel in row {
      panel.draw(on: &canvas, x: x, y: y)
      end = max(end, x + panel.width)
      x += panel.width + WeightMapDrawing.gap
    }
    y += row.reduce(0) { max($0, $1.height) } + 14
  }

  private mutating func line(_ text: String, _ y: inout Double, style: String, size: Double, advance: Double) {
    let shown = ChartText.shortened(text, width: width - 2 * WeightMapDrawing.margin, size: size * 1.05)
    canvas.text(
      shown, x: WeightMapDrawing.margin, y: y + size, style: style, hover: shown == text ? nil : text)
    end = max(end, WeightMapDrawing.margin + ChartText.width(shown, size: size * 1.05))
    y += advance
  }
}
