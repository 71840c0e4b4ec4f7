// One weight map of a picture.

/// A map with its place for everything: a matrix, or for a map of one row a running text.
struct WeightMapPanel {
  let map: WeightMap
  let largest: Double
  private(set) var width: Double
  private(set) var height: Double

  private let cell: Double
  private let rowRoom: Double
  private let columnRoom: Double
  private let count: (rows: Int, columns: Int)

  /// Of labels.
  private static let size = 11.5
  private static let titleRoom = 22.0
  private static let lineHeight = 24.0
  /// The longest label, in user units.
  private static let labelLimit = 96.0
  /// Shades below this share cannot be seen and are not drawn.
  private static let faintest = 0.004

  /// Whether the map is drawn as text.
  var isText: Bool { map.rowLabels.count == 1 }

  init(_ map: WeightMap, largest: Double) {
    (self.map, self.largest) = (map, largest)
    count = (min(map.rowLabels.count, WeightMapChart.limit), min(map.columnLabels.count, WeightMapChart.limit))
    cell = count.columns <= 16 ? 22 : count.columns <= 40 ? 16 : 13
    rowRoom = WeightMapPanel.room(map.rowLabels.prefix(count.rows)) + 6
    columnRoom = WeightMapPanel.room(map.columnLabels.prefix(count.columns)) + 6
    let title = ChartText.width(DisplayText.clean(map.title), size: 13.7)
    width = map.rowLabels.count == 1 ? 200 : max(min(title, 400), rowRoom + Double(count.columns) * cell)
    height = WeightMapPanel.titleRoom + columnRoom + Double(count.rows) * cell
    if !isText, isCut { height += 16 }
  }

  /// Text flows over the whole width; a matrix has its own.
  func fitted(to width: Double) -> WeightMapPanel {
    guard isText else { return self }
    var panel = self
    panel.width = width
    panel.height =
      WeightMapPanel.titleRoom + Double(panel.flow.last.map { $0.line + 1 } ?? 0) * WeightMapPanel.lineHeight
    if isCut { panel.height += 16 }
    return panel
  }

  private var isCut: Bool { count.rows < map.rowLabels.count || count.columns < map.columnLabels.count }

  func draw(on canvas: inout SVGCanvas, x: Double, y: Double) {
    let title = ChartText.shortened(map.title, width: width, size: 13.7)
    canvas.text(title, x: x, y: y + 13, style: "", hover: title == map.title ? nil : map.title)
    if isText { drawText(&canvas, x, y) } else { drawMatrix(&canvas, x, y) }
    guard isCut else { return }
    canvas.text(
      "the first \(WeightMapChart.limit) of \(Format.count(max(map.rowLabels.count, map.columnLabels.count))) drawn",
      x: x, y: y + height - 4, style: "small")
  }

  // MARK: A matrix

  private func drawMatrix(_ canvas: inout SVGCanvas, _ x: Double, _ y: Double) {
    let (left, top) = (x + rowRoom, y + WeightMapPanel.titleRoom + columnRoom)
    for (index, label) in map.rowLabels.prefix(count.rows).enumerated() {
      let text = WeightMapPanel.shown(label)
      canvas.text(
        text, x: left - 6, y: top + (Double(index) + 0.5) * cell + 4, anchor: .end, style: "small",
        hover: text == label ? nil : label)
    }
    for (index, label) in map.columnLabels.prefix(count.columns).enumerated() {
      let text = WeightMapPanel.shown(label)
      canvas.text(
        text, x: left + (Double(index) + 0.5) * cell + 4, y: top - 6, style: "small", rotation: -90,
        hover: text == label ? nil : label)
    }
    canvas.rectangle(
      x: left, y: top, width: cell * Double(count.columns), height: cell * Double(count.rows), style: "cell")
    for (row, values) in map.values.prefix(count.rows).enumerated() {
      for (column, value) in values.prefix(count.columns).enumerated() {
        let shade = WeightMap.shade(value, of: largest)
        guard shade >= WeightMapPanel.faintest else { continue }
        canvas.rectangle(
          x: left + Double(column) * cell + 0.5, y: top + Double(row) * cell + 0.5, width: cell - 1, height: cell - 1,
          opacity: shade, style: "heat",
          hover: "\(map.rowLabels[row]) → \(map.columnLabels[column]): \(Format.significant(value))")
      }
    }
  }

  // MARK: A text

  private struct FlowingWord {
    let text: String
    let line: Int
    let x: Double
    let width: Double
  }

  /// The words in lines.
  private var flow: [FlowingWord] {
    var words: [FlowingWord] = []
    var (line, x) = (0, 0.0)
    for label in map.columnLabels.prefix(count.columns) {
      let text = ChartText.shortened(label, width: width - 12, size: ChartStyle.textSize)
      let wide = ChartText.width(text, size: ChartStyle.textSize) + 8
      if x > 0, x + wide > width { (line, x) = (line + 1, 0) }
      words.append(FlowingWord(text: text, line: line, x: x, width: min(wide, width)))
      x += wide + 2
    }
    return words
  }

  /// Shades under letters are at most this strong, so that the letters can be read in both schemes.
  private static let strongestShade = 0.7

  private func drawText(_ canvas: inout SVGCanvas, _ x: Double, _ y: Double) {
    for (index, word) in flow.enumerated() {
      let value = map.values[0][index]
      let top = y + WeightMapPanel.titleRoom + Double(word.line) * WeightMapPanel.lineHeight
      canvas.group(style: "", hover: "\(map.columnLabels[index]): \(Format.significant(value))") {
        $0.rectangle(x: x + word.x, y: top, width: word.width, height: 20, radius: 2, style: "cell")
        let shade = WeightMap.shade(value, of: largest)
        if shade >= WeightMapPanel.faintest {
          $0.rectangle(
            x: x + word.x, y: top, width: word.width, height: 20, radius: 2,
            opacity: shade * WeightMapPanel.strongestShade, style: "heat")
        }
        $0.text(word.text, x: x + word.x + word.width / 2, y: top + 14.5, anchor: .middle, style: "figure")
      }
    }
  }

  // MARK: Labels

  private static func shown(_ label: String) -> String { ChartText.shortened(label, width: labelLimit, size: size) }

  private static func room(_ labels: ArraySlice<String>) -> Double {
    labels.reduce(0) { max($0, ChartText.width(shown($1), size: size)) }
  }
}
