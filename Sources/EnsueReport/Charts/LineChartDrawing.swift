// Lays a line chart out and draws it.

/// A line chart on a canvas.
struct LineChartDrawing {
  private(set) var canvas = SVGCanvas()
  private(set) var height = 0.0

  private let chart: LineChart
  private let horizontal: Axis
  private let vertical: Axis
  private let left: Double
  private let right: Double
  private let top: Double
  private let bottom: Double
  /// Names in the order of their first series; the index is the colour.
  private let names: [String]

  private static let markerLimit = 24
  private static let hoverLimit = 400

  init(_ chart: LineChart) {
    self.chart = chart
    let points = chart.series.flatMap(\.points).filter(\.isFinite)
    vertical = Axis(points.map(\.y), format: chart.verticalFormat, count: 5, reachesTicks: true)
    let labelWidth = vertical.labels.reduce(0) { max($0, ChartText.width($1, size: ChartStyle.textSize)) }
    left = min(labelWidth + 14, chart.width / 2)
    right = chart.width - 18
    top = (chart.title.isEmpty ? 10 : 42) + (chart.verticalTitle.isEmpty ? 0 : 18)
    bottom = top + chart.plotHeight
    horizontal = Axis(
      points.map(\.x), format: chart.horizontalFormat, count: max(2, Int((right - left) / 70)), reachesTicks: false)
    var names: [String] = []
    for series in chart.series where !names.contains(series.name) { names.append(series.name) }
    self.names = names
    drawFrame()
    for series in chart.series { draw(series) }
    if points.isEmpty {
      canvas.text("no data", x: (left + right) / 2, y: (top + bottom) / 2, anchor: .middle)
    }
    drawFoot()
  }

  private func x(_ value: Double) -> Double { horizontal.position(value, from: left, to: right) }
  private func y(_ value: Double) -> Double { vertical.position(value, from: bottom, to: top) }

  private mutating func drawFrame() {
    if !chart.title.isEmpty {
      let title = ChartText.shortened(chart.title, width: chart.width - 16, size: ChartStyle.titleSize * 1.05)
      canvas.text(title, x: 4, y: 19, style: "title", hover: title == chart.title ? nil : chart.title)
    }
    if !chart.verticalTitle.isEmpty {
      let title = ChartText.shortened(chart.verticalTitle, width: chart.width - 16, size: ChartStyle.textSize)
      canvas.text(title, x: 4, y: top - 12)
    }
    for (tick, label) in zip(vertical.ticks, vertical.labels) {
      canvas.line(left, y(tick), right, y(tick), style: "grid")
      canvas.text(label, x: left - 8, y: y(tick) + 4.5, anchor: .end)
    }
    canvas.line(left, bottom, right, bottom, style: "axis")
    drawHorizontalTicks()
  }

  /// Labels that would touch the one before are left out; their ticks stay.
  private mutating func drawHorizontalTicks() {
    var free = -Double.infinity
    for (tick, label) in zip(horizontal.ticks, horizontal.labels) {
      let place = x(tick)
      canvas.line(place, bottom, place, bottom + 5, style: "axis")
      let half = ChartText.width(label, size: ChartStyle.textSize) / 2
      let center = min(max(place, half), chart.width - half)
      guard center - half >= free else { continue }
      canvas.text(label, x: center, y: bottom + 20, anchor: .middle)
      free = center + half + 8
    }
  }

  private mutating func draw(_ series: LineChart.Series) {
    let color = names.firstIndex(of: series.name) ?? 0
    let name = series.variant.map { "\(series.name), \($0)" } ?? series.name
    let hasMarkers = series.points.count <= LineChartDrawing.markerLimit
    let style = series.isDashed ? "line dashed" : "line"
    let runs = series.points.split { !$0.isFinite }.map { run in thinned(run.map { (x($0.x), y($0.y)) }) }
    let isDense = series.points.count > LineChartDrawing.hoverLimit
    // Without markers colours would repeat unseen, so lines beyond the palette keep a few.
    let spacing = hasMarkers ? 1 : names.count > ChartStyle.palette.count ? series.points.count / 8 : Int.max
    let dots = isDense ? [] : series.points.filter(\.isFinite).map { (x: x($0.x), y: y($0.y), hover: hover($0, name)) }
    canvas.group(style: "c\(color % ChartStyle.palette.count)") {
      for run in runs {
        if run.count > 1 { $0.path(run, style: style, hover: name) }
        // A lone point between gaps has no line, so it is marked even where others are not.
        if run.count == 1 && !hasMarkers { $0.marker(color, x: run[0].x, y: run[0].y, style: "mark") }
      }
      for (index, dot) in dots.enumerated() {
        if hasMarkers || index % spacing == spacing / 2 { $0.marker(color, x: dot.x, y: dot.y, style: "mark") }
        $0.circle(x: dot.x, y: dot.y, radius: 8, style: "hit", hover: dot.hover)
      }
    }
  }

  private func hover(_ point: LineChart.Point, _ name: String) -> String {
    let place = "\(chart.horizontalTitle) \(chart.horizontalFormat.text(point.x))"
    return "\(name), \(place): \(chart.verticalFormat.text(point.y))"
  }

  /// Of neighbouring points in one pixel column: the first, the lowest, the highest and the last.
  private func thinned(_ places: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard places.count > LineChartDrawing.hoverLimit else { return places }
    var kept: [(x: Double, y: Double)] = []
    var start = 0
    while start < places.count {
      let column = places[start].x.rounded(.down)
      var end = start
      var low = start
      var high = start
      while end + 1 < places.count, places[end + 1].x.rounded(.down) == column {
        end += 1
        if places[end].y < places[low].y { low = end }
        if places[end].y > places[high].y { high = end }
      }
      var last = -1
      for index in [start, min(low, high), max(low, high), end] where index != last {
        kept.append(places[index])
        last = index
      }
      start = end + 1
    }
    return kept
  }

  /// Axis title, legend, and what could not be drawn.
  private mutating func drawFoot() {
    var end = bottom + 28
    if !chart.horizontalTitle.isEmpty {
      canvas.text(
        ChartText.shortened(chart.horizontalTitle, width: right - left, size: ChartStyle.textSize),
        x: (left + right) / 2, y: bottom + 40, anchor: .middle)
      end = bottom + 48
    }
    let legend = Legend(entries, left: 4, width: chart.width - 8)
    legend.draw(on: &canvas, top: end)
    end += legend.height
    if chart.gapCount > 0 {
      let verb = chart.gapCount == 1 ? "is" : "are"
      canvas.text(
        "\(Format.count(chart.gapCount, "point")) not finite \(verb) not drawn", x: 4, y: end + 14, style: "small")
      end += 20
    }
    height = end + 6
  }

  /// Names by colour, then line styles by variant, each once.
  private var entries: [Legend.Entry] {
    var entries = names.enumerated().map { Legend.Entry(name: $0.element, color: $0.offset, isDashed: false) }
    if names.count == 1 && chart.series.allSatisfy({ $0.variant == nil }) && chart.title.contains(names[0]) {
      return []
    }
    for series in chart.series {
      guard let variant = series.variant,
        !entries.contains(where: { $0.color == nil && $0.name == variant && $0.isDashed == series.isDashed })
      else { continue }
      entries.append(Legend.Entry(name: variant, color: nil, isDashed: series.isDashed))
    }
    return entries
  }
}
