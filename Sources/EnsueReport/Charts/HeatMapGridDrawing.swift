// Lays a grid of heat maps out and draws it.

/// A grid of heat maps on a canvas. Cells of one strength are one path of their map.
struct HeatMapGridDrawing {
  private(set) var canvas = SVGCanvas()
  private(set) var height = 0.0

  private let grid: HeatMapGrid
  private let left: Double
  private let top: Double
  /// From one map to the next, and the side of a map.
  private let pitch: Double
  private let side: Double

  private static let gap = 8.0
  private static let largestSide = 110.0
  private static let levelCount = 12
  /// The colours of the palette above and below zero.
  private static let (above, below) = ("c0", "c1")

  init(_ grid: HeatMapGrid) {
    self.grid = grid
    let size = ChartStyle.textSize
    let longest = grid.rowNames.reduce(0) { max($0, ChartText.width(DisplayText.clean($1), size: size)) }
    left = min(longest, grid.width * 0.28) + 14
    top = (grid.title.isEmpty ? 6 : 38) + 20
    let room = (grid.width - left - 4) / Double(max(1, grid.columnNames.count))
    side = min(room - HeatMapGridDrawing.gap, HeatMapGridDrawing.largestSide)
    pitch = side + HeatMapGridDrawing.gap
    height = top + pitch * Double(grid.rowNames.count)
    drawNames()
    for (row, maps) in grid.maps.enumerated() {
      for (column, map) in maps.enumerated() {
        if let map { draw(map, row: row, column: column) }
      }
    }
    drawNote()
  }

  private func x(_ column: Int) -> Double { left + Double(column) * pitch }
  private func y(_ row: Int) -> Double { top + Double(row) * pitch }

  private mutating func drawNames() {
    let size = ChartStyle.textSize
    if !grid.title.isEmpty {
      let title = ChartText.shortened(grid.title, width: grid.width - 16, size: ChartStyle.titleSize * 1.05)
      canvas.text(title, x: 4, y: 19, style: "title", hover: title == grid.title ? nil : grid.title)
    }
    for (row, name) in grid.rowNames.enumerated() {
      let text = ChartText.shortened(name, width: left - 12, size: size)
      canvas.text(text, x: left - 8, y: y(row) + side / 2 + 4.5, anchor: .end, hover: text == name ? nil : name)
    }
    for (column, name) in grid.columnNames.enumerated() {
      let text = ChartText.shortened(name, width: pitch, size: size)
      canvas.text(text, x: x(column) + side / 2, y: top - 7, anchor: .middle, hover: text == name ? nil : name)
    }
  }

  private mutating func draw(_ map: HeatMapGrid.Map, row: Int, column: Int) {
    let names = "\(grid.rowNames[row]), \(grid.columnNames[column])"
    let (x, y, side) = (x(column), y(row), side)
    let levels = cells(of: map, x: x, y: y)
    canvas.group(style: "", hover: map.note.isEmpty ? names : "\(names): \(map.note)") { canvas in
      canvas.rectangle(x: x, y: y, width: side, height: side, style: "cell")
      for (style, sign) in [(HeatMapGridDrawing.above, 1), (HeatMapGridDrawing.below, -1)] {
        canvas.group(style: style) {
          for level in 1...HeatMapGridDrawing.levelCount {
            guard let rectangles = levels[sign * level] else { continue }
            $0.rectangles(
              rectangles, height: side / Double(max(1, map.values.count)),
              opacity: Double(level) / Double(HeatMapGridDrawing.levelCount), style: "mark")
          }
        }
      }
    }
  }

  /// The places of the cells of each strength, from -12 to 12; those of strength 0 are left out.
  private func cells(of map: HeatMapGrid.Map, x: Double, y: Double) -> [Int: [(x: Double, y: Double, width: Double)]] {
    var cells: [Int: [(x: Double, y: Double, width: Double)]] = [:]
    let limit = map.limit
    for (row, values) in map.values.enumerated() {
      let width = side / Double(max(1, values.count))
      let top = y + Double(row) * side / Double(map.values.count)
      for (column, value) in values.enumerated() where value.isFinite {
        let level = Int((value / limit * Double(HeatMapGridDrawing.levelCount)).rounded())
        if level != 0 { cells[level, default: []].append((x + Double(column) * width, top, width)) }
      }
    }
    return cells
  }

  private mutating func drawNote() {
    if grid.rowNames.isEmpty || grid.columnNames.isEmpty {
      canvas.text("no data", x: left, y: top + 14)
      height = max(height, top + 20)
    }
    guard !grid.note.isEmpty else { return }
    let lines = HeatMapGridDrawing.lines(of: grid.note, width: grid.width - 8)
    for (index, line) in lines.enumerated() {
      canvas.text(line, x: 4, y: height + 12 + 16 * Double(index), style: "small")
    }
    height += 16 * Double(lines.count) + 8
  }

  /// A text in lines of some width.
  private static func lines(of text: String, width: Double) -> [String] {
    var lines: [String] = []
    for word in DisplayText.clean(text).split(separator: " ") {
      let longer = lines.last.map { "\($0) \(word)" }
      if let longer, ChartText.width(longer, size: 11.5) <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
