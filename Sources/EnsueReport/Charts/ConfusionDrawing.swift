// Lays a confusion matrix out and draws it.

import EnsueEvaluation

/// A confusion chart on a canvas.
struct ConfusionDrawing {
  private(set) var canvas = SVGCanvas()
  private(set) var height = 0.0

  private let chart: ConfusionChart
  private let classes: [Int]
  private let left: Double
  private let top: Double
  private let cellWidth: Double
  private let cellHeight: Double
  private let labels: Labels

  /// How the labels of the columns run.
  private enum Labels { case level, slanted, upright }

  /// The longest label over a column, in user units along the text.
  private static let labelRoom = 110.0

  /// The strongest shade; text on it stays readable in both schemes.
  private static let strongestShade = 0.7

  init(_ chart: ConfusionChart) {
    self.chart = chart
    classes = chart.shownClasses
    let size = ChartStyle.textSize
    let longest = classes.reduce(0) {
      max($0, ChartText.width(DisplayText.clean(chart.confusion.labels[$1]), size: size))
    }
    let left = 26 + min(longest, chart.width * 0.24) + 10
    let count = Double(classes.count)
    // Few classes do not need huge cells.
    let width = min((chart.width - left - 8) / count, 160)
    labels = longest <= width - 6 ? .level : width >= 22 ? .slanted : .upright
    // The last slanted label runs on to the right of its column.
    let overhang = labels == .slanted ? min(longest * 0.71, ConfusionDrawing.labelRoom * 0.71) - width / 2 + 6 : 0
    cellWidth = width - max(0, overhang) / count
    cellHeight = min(max(cellWidth * 0.72, 14), 58)
    let head: Double =
      switch labels {
      case .level: 20
      case .slanted: min(longest, ConfusionDrawing.labelRoom) * 0.71 + 16
      case .upright: min(longest, ConfusionDrawing.labelRoom) * 11.5 / size + 12
      }
    self.left = left
    top = (chart.title.isEmpty ? 4 : 32) + 20 + head
    drawHeads()
    for (row, truth) in classes.enumerated() {
      for (column, prediction) in classes.enumerated() { drawCell(truth, prediction, row, column) }
    }
    height = top + cellHeight * Double(classes.count) + 10
    guard classes.count < chart.confusion.classCount else { return }
    canvas.text(
      "\(classes.count) of \(chart.confusion.classCount) classes shown: those with most examples", x: 4,
      y: height + 8, style: "small")
    height += 18
  }

  private mutating func drawHeads() {
    if !chart.title.isEmpty {
      let title = ChartText.shortened(chart.title, width: chart.width - 16, size: ChartStyle.titleSize * 1.05)
      canvas.text(title, x: 4, y: 19, style: "title", hover: title == chart.title ? nil : chart.title)
    }
    let span = cellWidth * Double(classes.count)
    canvas.text("predicted", x: left + span / 2, y: chart.title.isEmpty ? 16 : 44, anchor: .middle, style: "small")
    let middle = top + cellHeight * Double(classes.count) / 2
    canvas.text("true", x: 14, y: middle, anchor: .middle, style: "small", rotation: -90)
    let size = ChartStyle.textSize
    for (index, label) in classes.map({ chart.confusion.labels[$0] }).enumerated() {
      let row = ChartText.shortened(label, width: left - 34, size: size)
      let y = top + (Double(index) + 0.5) * cellHeight + 4.5
      canvas.text(row, x: left - 8, y: y, anchor: .end, hover: row == label ? nil : label)
      let x = left + (Double(index) + 0.5) * cellWidth
      drawColumnLabel(label, x: x)
    }
  }

  private mutating func drawColumnLabel(_ label: String, x: Double) {
    let size = ChartStyle.textSize
    let limit = labels == .level ? cellWidth - 4 : ConfusionDrawing.labelRoom
    let text = ChartText.shortened(label, width: limit, size: size)
    let hover = text == label ? nil : label
    switch labels {
    case .level: canvas.text(text, x: x, y: top - 7, anchor: .middle, hover: hover)
    case .slanted: canvas.text(text, x: x + 3, y: top - 7, rotation: -45, hover: hover)
    case .upright: canvas.text(text, x: x + 4, y: top - 6, style: "small", rotation: -90, hover: hover)
    }
  }

  private mutating func drawCell(_ truth: Int, _ prediction: Int, _ row: Int, _ column: Int) {
    let matrix = chart.confusion
    let count = matrix[truth: truth, prediction: prediction]
    let support = matrix.truthCount(of: truth)
    let share = support == 0 ? 0 : Double(count) / Double(support)
    let percent = support == 0 ? "no examples" : Format.percent(share)
    let hover =
      "true \(matrix.labels[truth]), predicted \(matrix.labels[prediction]): \(Format.count(count)), \(percent)"
    let x = left + Double(column) * cellWidth
    let y = top + Double(row) * cellHeight
    let (width, height) = (cellWidth, cellHeight)
    canvas.group(style: "", hover: hover) {
      $0.rectangle(x: x + 1, y: y + 1, width: width - 2, height: height - 2, radius: 2, style: "cell")
      if count > 0 {
        $0.rectangle(
          x: x + 1, y: y + 1, width: width - 2, height: height - 2, radius: 2,
          opacity: max(0.03, share * ConfusionDrawing.strongestShade), style: "heat")
      }
      let figure = Format.count(count)
      // In large matrices the zeros would hide the pattern.
      guard count > 0 || height >= 30, ChartText.width(figure, size: ChartStyle.textSize) < width - 2 else { return }
      let hasShare = height >= 38 && ChartText.width("100.0 %", size: 11.5) < width - 2
      let baseline = y + height / 2 + (hasShare ? -1.5 : 4.5)
      $0.text(
        figure, x: x + width / 2, y: baseline, anchor: .middle, style: truth == prediction ? "figure strong" : "figure")
      if hasShare, support > 0 {
        $0.text(Format.percent(share), x: x + width / 2, y: baseline + 15, anchor: .middle, style: "figure small")
      }
    }
  }
}
