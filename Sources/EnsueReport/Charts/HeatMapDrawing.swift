// Lays a heat map out and draws it.

/// A heat map on a canvas. Cells of one strength are one path, neighbours in a row one rectangle of it: a table of a
/// hundred thousand numbers stays a file that browsers show at once.
struct HeatMapDrawing {
  private(set) var canvas = SVGCanvas()
  private(set) var height = 0.0

  private let map: HeatMap
  /// Every so many rows and columns are drawn.
  private let rowStride: Int
  private let columnStride: Int
  private let left: Double
  private let top: Double
  private let cellWidth: Double
  private let cellHeight: Double

  private static let smallestCell = 2.0
  private static let largestCell = 28.0
  private static let tallest = 440.0
  /// The colours of the palette above and below zero.
  private static let (above, below) = ("c0", "c1")

  init(_ map: HeatMap) {
    self.map = map
    let labels = ChartText.width(Format.count(max(0, map.rowCount - 1)), size: ChartStyle.textSize)
    left = labels + 14
    top = (map.title.isEmpty ? 10 : 42) + (map.verticalTitle.isEmpty ? 0 : 18)
    let room = map.width - left - 18
    let (columns, rows) = (max(1, map.columnCount), max(1, map.rowCount))
    columnStride = HeatMapDrawing.stride(columns, room)
    rowStride = HeatMapDrawing.stride(rows, HeatMapDrawing.tallest)
    cellWidth = min(HeatMapDrawing.largestCell, room / Double((columns + columnStride - 1) / columnStride))
    let shownRows = Double((rows + rowStride - 1) / rowStride)
    // Few rows are drawn as squares or flatter: a single wave of positions need not fill the page.
    cellHeight = min(HeatMapDrawing.largestCell, HeatMapDrawing.tallest / shownRows, max(cellWidth, 8))
    drawFrame()
    drawCells()
    drawFoot()
  }

  /// The smallest odd step at which cells have their least size: an even one would show every second line of a pattern
  /// that alternates, such as sines and cosines, as if the others did not exist.
  private static func stride(_ count: Int, _ room: Double) -> Int {
    let most = max(1, Int(room / smallestCell))
    return (count + most - 1) / most | 1
  }

  private var shownColumns: Int { (map.columnCount + columnStride - 1) / columnStride }
  private var shownRows: Int { (map.rowCount + rowStride - 1) / rowStride }
  private var right: Double { left + cellWidth * Double(max(1, shownColumns)) }
  private var bottom: Double { top + cellHeight * Double(max(1, shownRows)) }

  private mutating func drawFrame() {
    if !map.title.isEmpty {
      let title = ChartText.shortened(map.title, width: map.width - 16, size: ChartStyle.titleSize * 1.05)
      canvas.text(title, x: 4, y: 19, style: "title", hover: title == map.title ? nil : map.title)
    }
    if !map.verticalTitle.isEmpty {
      let title = ChartText.shortened(map.verticalTitle, width: map.width - 16, size: ChartStyle.textSize)
      canvas.text(title, x: 4, y: top - 12)
    }
    canvas.rectangle(x: left, y: top, width: right - left, height: bottom - top, style: "cell")
    for (row, label) in ticks(map.rowCount, room: bottom - top, space: 30) {
      let y = top + (Double(row) / Double(rowStride) + 0.5) * cellHeight
      canvas.line(left - 5, y, left, y, style: "axis")
      canvas.text(label, x: left - 8, y: y + 4.5, anchor: .end)
    }
    var free = -Double.infinity
    for (column, label) in ticks(map.columnCount, room: right - left, space: 60) {
      let x = left + (Double(column) / Double(columnStride) + 0.5) * cellWidth
      canvas.line(x, bottom, x, bottom + 5, style: "axis")
      let half = ChartText.width(label, size: ChartStyle.textSize) / 2
      guard x - half >= free, x + half <= map.width else { continue }
      canvas.text(label, x: x, y: bottom + 20, anchor: .middle)
      free = x + half + 8
    }
  }

  /// Round indices with their labels; those beyond the last are left out.
  private func ticks(_ count: Int, room: Double, space: Double) -> [(index: Int, label: String)] {
    guard count > 0 else { return [] }
    let axis = Axis(
      [0, Double(count - 1)], format: .wholeNumber, count: max(1, Int(room / space)), reachesTicks: false)
    return zip(axis.ticks, axis.labels).compactMap { tick, label in
      tick >= 0 && tick <= Double(count - 1) ? (Int(tick), label) : nil
    }
  }

  private mutating func drawCells() {
    var cells: [Int: [(x: Double, y: Double, width: Double)]] = [:]
    for row in 0..<shownRows {
      let levels = (0..<shownColumns).map { map.level(map.values[row * rowStride][$0 * columnStride]) }
      var start = 0
      while start < levels.count {
        var end = start + 1
        while end < levels.count, levels[end] == levels[start] { end += 1 }
        if levels[start] != 0 {
          cells[levels[start], default: []].append(
            (left + Double(start) * cellWidth, top + Double(row) * cellHeight, Double(end - start) * cellWidth))
        }
        start = end
      }
    }
    for (style, sign) in [(HeatMapDrawing.above, 1), (HeatMapDrawing.below, -1)] {
      canvas.group(style: style) {
        for level in 1...HeatMap.levelCount {
          guard let rectangles = cells[sign * level] else { continue }
          $0.rectangles(
            rectangles, height: cellHeight, opacity: Double(level) / Double(HeatMap.levelCount), style: "mark")
        }
      }
    }
    if map.rowCount == 0 || map.columnCount == 0 {
      canvas.text("no data", x: left + 8, y: top + 18)
    }
  }

  /// The title of the columns, the scale, and what could not be drawn.
  private mutating func drawFoot() {
    if !map.horizontalTitle.isEmpty {
      let title = ChartText.shortened(map.horizontalTitle, width: map.width - left, size: ChartStyle.textSize)
      let half = ChartText.width(title, size: ChartStyle.textSize) / 2
      let center = min(max((left + right) / 2, half + 2), map.width - half - 2)
      canvas.text(title, x: center, y: bottom + 40, anchor: .middle)
    }
    drawScale(top: bottom + 56)
    height = bottom + 78
    var notes: [String] = []
    for (stride, name) in [(rowStride, map.verticalTitle), (columnStride, map.horizontalTitle)] where stride > 1 {
      notes.append("1 of \(stride) \(name.isEmpty ? "lines" : name + "s") shown")
    }
    if map.gapCount > 0 {
      notes.append("\(Format.count(map.gapCount, "value")) not finite \(map.gapCount == 1 ? "is" : "are") not drawn")
    }
    for note in notes {
      canvas.text(
        ChartText.shortened(note, width: map.width - 8, size: ChartStyle.textSize), x: 4, y: height + 8, style: "small")
      height += 18
    }
  }

  /// All strengths side by side, with what the ends stand for.
  private mutating func drawScale(top: Double) {
    let end = AxisFormat.wholeNumber.text(map.limit)
    let label = ChartText.width("-\(end)", size: 11.5) + 6
    let count = HeatMap.levelCount
    let (width, height) = (min(8, (map.width - 8 - 2 * label) / Double(2 * count + 1)), 12.0)
    let x = 4 + label
    canvas.text("-\(end)", x: 4, y: top + 10.5, style: "small")
    canvas.rectangle(x: x, y: top, width: width * Double(2 * count + 1), height: height, style: "cell")
    for level in -count...count where level != 0 {
      let place = x + Double(level + count) * width
      canvas.group(style: level > 0 ? HeatMapDrawing.above : HeatMapDrawing.below) {
        $0.rectangles(
          [(place, top, width)], height: height, opacity: Double(abs(level)) / Double(count), style: "mark")
      }
    }
    canvas.text(end, x: x + width * Double(2 * count + 1) + 6, y: top + 10.5, style: "small")
  }
}
