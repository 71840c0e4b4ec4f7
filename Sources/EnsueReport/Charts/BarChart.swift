// Horizontal bars with error bars: means over seeds, by model.

import EnsueEvaluation

/// One bar for each named value; a whisker shows ± one sample standard deviation.
///
/// Bars start at zero, so that their lengths compare as the values do; the figure stands at the end of each.
public struct BarChart: Sendable, Equatable {
  /// A named bar.
  public struct Bar: Sendable, Equatable {
    public let name: String
    public let spread: Spread

    public init(name: String, spread: Spread) {
      self.name = name
      self.spread = spread
    }
  }

  public let title: String
  public let format: AxisFormat
  public let bars: [Bar]
  /// The width in user units, in which text is 13 high.
  public let width: Double

  public init(title: String, format: AxisFormat = .number, bars: [Bar], width: Double = 720) {
    precondition(width >= 200, "a bar chart is at least 200 wide")
    self.title = title
    self.format = format
    self.bars = bars
    self.width = width
  }

  /// The chart as an SVG file.
  public var svg: String {
    let (canvas, height) = drawing
    return canvas.document(width: width, height: height, label: title)
  }

  /// The chart as an element of a page with the charts' style sheet.
  var fragment: String {
    let (canvas, height) = drawing
    return canvas.fragment(width: width, height: height, label: title)
  }

  private static let rowHeight = 44.0

  private func figure(_ spread: Spread) -> String {
    switch format {
    case .percent: Format.percent(spread)
    case .number, .wholeNumber, .logarithm:
      spread.standardDeviation == nil ? format.text(spread.mean) : spread.description
    }
  }

  private var axis: Axis {
    let ends = bars.flatMap { bar -> [Double] in
      let deviation = bar.spread.standardDeviation ?? 0
      return [bar.spread.mean, bar.spread.mean - deviation, bar.spread.mean + deviation]
    }
    // A whisker may pass 100 %, the axis does not.
    let shares = format == .percent && bars.allSatisfy { $0.spread.mean.isNaN || 0...1 ~= $0.spread.mean }
    return Axis(
      shares ? ends.map { min(max($0, 0), 1) } : ends, format: format, count: 4, reachesTicks: true, includesZero: true)
  }

  private var drawing: (SVGCanvas, Double) {
    var canvas = SVGCanvas()
    let top = title.isEmpty ? 6.0 : 38.0
    let bottom = top + BarChart.rowHeight * Double(max(bars.count, 1))
    let (left, right) = (6.0, width - 26)
    if !title.isEmpty {
      let text = ChartText.shortened(title, width: width - 16, size: ChartStyle.titleSize * 1.05)
      canvas.text(text, x: 4, y: 19, style: "title", hover: text == title ? nil : title)
    }
    let axis = axis
    var free = -Double.infinity
    for (tick, label) in zip(axis.ticks, axis.labels) {
      let x = axis.position(tick, from: left, to: right)
      let half = ChartText.width(label, size: ChartStyle.textSize) / 2
      let center = min(max(x, half + 2), width - half - 2)
      canvas.line(x, bottom, x, bottom + 5, style: "axis")
      guard center - half >= free else { continue }
      canvas.text(label, x: center, y: bottom + 20, anchor: .middle)
      free = center + half + 8
    }
    canvas.line(left, bottom, right, bottom, style: "axis")
    for (row, bar) in bars.enumerated() {
      draw(bar, on: &canvas, axis: axis, left: left, right: right, top: top + Double(row) * BarChart.rowHeight)
    }
    if axis.lower < 0 && axis.upper > 0 {
      let zero = axis.position(0, from: left, to: right)
      canvas.line(zero, top, zero, bottom, style: "axis")
    }
    if bars.isEmpty { canvas.text("no data", x: (left + right) / 2, y: (top + bottom) / 2 + 4, anchor: .middle) }
    return (canvas, bottom + 30)
  }

  /// Name and figure on one line, the bar under them: long names need no room beside the bars.
  private func draw(_ bar: Bar, on canvas: inout SVGCanvas, axis: Axis, left: Double, right: Double, top: Double) {
    let figure = figure(bar.spread)
    let room = right - left - ChartText.width(figure, size: ChartStyle.textSize) - 12
    let name = ChartText.shortened(bar.name, width: max(40, room), size: ChartStyle.textSize)
    canvas.text(name, x: left, y: top + 14, hover: name == bar.name ? nil : bar.name)
    canvas.text(figure, x: right, y: top + 14, anchor: .end, style: "strong")
    func x(_ value: Double) -> Double { axis.position(value, from: left, to: right) }
    let y = top + 27
    canvas.rectangle(x: left, y: y - 6, width: right - left, height: 12, radius: 2, style: "track")
    let mean = bar.spread.mean
    guard mean.isFinite else { return }
    canvas.group(style: "c0", hover: "\(bar.name): \(figure), \(Format.count(bar.spread.count, "run"))") {
      $0.rectangle(x: min(x(0), x(mean)), y: y - 6, width: abs(x(mean) - x(0)), height: 12, radius: 2, style: "mark")
      guard let deviation = bar.spread.standardDeviation, deviation.isFinite, deviation > 0 else { return }
      let (low, high) = (x(mean - deviation), x(mean + deviation))
      $0.path([(low, y), (high, y)], style: "whisker")
      $0.path([(low, y - 5), (low, y + 5)], style: "whisker")
      $0.path([(high, y - 5), (high, y + 5)], style: "whisker")
    }
  }
}
