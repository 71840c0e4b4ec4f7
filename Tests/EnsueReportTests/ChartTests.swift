// Charts as XML: well-formed, inside their frame, with every number finite, whatever the values and names.

import EnsueEvaluation
import EnsueReport
import Testing

/// Values that charts must survive.
struct ChartCase: Sendable, CustomTestStringConvertible {
  let name: String
  let values: [[Double]]
  var testDescription: String { name }

  static let all: [ChartCase] = [
    .init(name: "no series", values: []), .init(name: "empty series", values: [[], []]),
    .init(name: "one point", values: [[0.5]]), .init(name: "one zero", values: [[0]]),
    .init(name: "gaps", values: [[.nan, 1, .nan, 2, 3, .infinity, -.infinity, 4]]),
    .init(name: "only gaps", values: [[.nan, .infinity]]), .init(name: "equal", values: [[2, 2, 2]]),
    .init(name: "nearly equal", values: [[1, 1 + 1e-15]]), .init(name: "equal shares", values: [[1, 1], [1]]),
    .init(name: "huge", values: [[-Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude, 0]]),
    .init(name: "all huge", values: [[1.7e308, 1.6e308]]),
    .init(name: "tiny", values: [[0, .leastNonzeroMagnitude], [.leastNormalMagnitude]]),
    .init(name: "small", values: [[1e-12, 3e-12]]), .init(name: "far from zero", values: [[1e9, 1e9 + 1]]),
    .init(name: "wide range", values: [[1e-9, 1e9]]), .init(name: "negative", values: [[-5, -1, -3]]),
    .init(name: "dense", values: [(0..<20_000).map { Double($0 % 97) }]),
    .init(name: "many series", values: (0..<40).map { [Double($0), 1] }),
    .init(name: "alternating gaps", values: [(0..<500).map { $0.isMultiple(of: 2) ? .nan : 1 }]),
  ]
}

@Suite("charts")
struct ChartTests {
  static func lineChart(_ values: [[Double]], _ format: AxisFormat = .number, name: String? = nil) -> LineChart {
    LineChart(
      title: name ?? "title", horizontalTitle: name ?? "epoch", horizontalFormat: .wholeNumber,
      verticalTitle: name ?? "loss", verticalFormat: format,
      series: values.enumerated().map { index, values in
        .init(
          name: "\(name ?? "series") \(index)", variant: name, isDashed: index == 1,
          points: values.enumerated().map { .init(x: Double($0.offset + 1), y: $0.element) })
      }, width: 480)
  }

  /// Parses the picture and checks that all it draws lies in its frame.
  @discardableResult
  static func probe(_ svg: String) throws -> MarkupProbe {
    let probe = MarkupProbe(svg)
    #expect(probe.problem == nil)
    let root = try #require(probe.elements.first)
    #expect(root.name == "svg" && root.attributes["role"] == "img")
    let frame = try #require(root.attributes["viewBox"]).split(separator: " ").compactMap { Double($0) }
    #expect(frame.count == 4)
    let (width, height) = (frame[2], frame[3])
    #expect(probe.elements.allSatisfy { !Hostile.forbidden.contains($0.name) && $0.attributes["onload"] == nil })
    for element in probe.elements.dropFirst() where element.attributes["class"] != "paper" {
      for (key, limit) in [
        ("x", width), ("cx", width), ("width", width), ("y", height), ("cy", height), ("height", height),
      ] {
        guard let text = element.attributes[key] else { continue }
        let value = try #require(Double(text), "\(element)")
        #expect(-0.01...limit + 0.01 ~= value, "\(element)")
      }
      guard let data = element.attributes["d"] else { continue }
      let numbers = data.split { "ML ".contains($0) }.map { Double($0) }
      #expect(!numbers.isEmpty && numbers.count.isMultiple(of: 2), "\(data)")
      for (index, number) in numbers.enumerated() {
        let limit = index.isMultiple(of: 2) ? width : height
        #expect(-6...limit + 6 ~= (try #require(number)), "\(data.prefix(200))")
      }
    }
    return probe
  }

  @Test("line charts survive all values", arguments: ChartCase.all, AxisFormat.allCases)
  func lines(_ values: ChartCase, _ format: AxisFormat) throws {
    let chart = ChartTests.lineChart(values.values, format)
    let probe = try ChartTests.probe(chart.svg)
    let finite = values.values.joined().count { $0.isFinite }
    #expect(chart.gapCount == values.values.joined().count - finite)
    #expect(probe.texts(of: "text").contains { $0.hasSuffix("not drawn") } == (chart.gapCount > 0))
    #expect(probe.texts(of: "text").contains("no data") == (finite == 0))
  }

  @Test("every point of a short series shows its value under a pointer")
  func hover() throws {
    let titles = try ChartTests.probe(ChartTests.lineChart([[0.5, 0.25]]).svg).texts(of: "title")
    #expect(titles.contains("series 0, epoch 1: 0.5000") && titles.contains("series 0, epoch 2: 0.2500"))
  }

  @Test("a long series keeps its extremes in few points")
  func thinned() throws {
    var values = [Double](repeating: 0, count: 50_000)
    values[31_234] = 1
    let probe = try ChartTests.probe(ChartTests.lineChart([values]).svg)
    let path = try #require(
      probe.elements.first { $0.attributes["class"] == "line" && $0.attributes["d"]!.count > 500 })
    let points = path.attributes["d"]!.split { "ML".contains($0) }
    #expect(points.count <= 4 * 480)
    #expect(Set(points.compactMap { $0.split(separator: " ").last }).count == 2)
  }

  @Test("ticks are round, in order, and end at the values or beyond")
  func ticks() throws {
    let probe = try ChartTests.probe(ChartTests.lineChart([[0.42, 0.69, 0.57]]).svg)
    let labels = probe.texts(of: "text")
    for label in ["0.40", "0.45", "0.50", "0.55", "0.60", "0.65", "0.70"] {
      #expect(labels.contains(label), "\(labels)")
    }
    let shares = try ChartTests.probe(ChartTests.lineChart([[0.7, 0.95]], .percent).svg).texts(of: "text")
    #expect(shares.contains("70 %") && shares.contains("95 %") && !shares.contains("105 %"))
  }

  @Test("logarithmic axes show the numbers themselves, at equal ratios")
  func logarithms() throws {
    let wide = try ChartTests.probe(ChartTests.lineChart([[1, 3, 6]], .logarithm).svg).texts(of: "text")
    for label in ["10", "100", "1,000", "10,000", "100,000", "1,000,000"] { #expect(wide.contains(label), "\(wide)") }
    let narrow = try ChartTests.probe(
      ChartTests.lineChart([[0.04139268515822508, 0.3222192947339193]], .logarithm).svg)
    for label in ["1.2", "1.6", "2"] {
      #expect(narrow.texts(of: "text").contains(label), "\(narrow.texts(of: "text"))")
    }
    #expect(narrow.texts(of: "title").contains { $0.hasSuffix(": 1.1") })
  }

  @Test("hostile names stay text in line charts", arguments: Hostile.names)
  func hostileLines(_ name: String) throws {
    let chart = ChartTests.lineChart([[1, 2], [2, 1]], name: name)
    let svg = chart.svg
    try ChartTests.probe(svg)
    #expect(svg.utf8.count < 250_000)
  }

  @Test("bar charts survive all values", arguments: ChartCase.all, AxisFormat.allCases)
  func bars(_ values: ChartCase, _ format: AxisFormat) throws {
    let bars = values.values.prefix(40).enumerated().compactMap { index, values in
      Spread(values).map { BarChart.Bar(name: "bar \(index)", spread: $0) }
    }
    let probe = try ChartTests.probe(BarChart(title: "bars", format: format, bars: bars, width: 400).svg)
    #expect(probe.texts(of: "text").contains("no data") == bars.isEmpty)
    for bar in bars { #expect(probe.texts(of: "text").contains(bar.name)) }
  }

  @Test("a bar says its mean and deviation, and has a whisker")
  func whisker() throws {
    let spread = try #require(Spread([0.765, 0.771, 0.777]))
    let svg = BarChart(title: "", format: .percent, bars: [.init(name: "LSTM", spread: spread)]).svg
    let probe = try ChartTests.probe(svg)
    #expect(probe.texts(of: "text").contains("77.1 ± 0.6 %"))
    #expect(probe.elements.count { $0.attributes["class"] == "whisker" } == 3)
    #expect(probe.texts(of: "title") == ["LSTM: 77.1 ± 0.6 %, 3 runs"])
  }

  @Test("hostile names stay text in bar charts", arguments: Hostile.names)
  func hostileBars(_ name: String) throws {
    let spread = try #require(Spread([1, 2]))
    try ChartTests.probe(BarChart(title: name, bars: [.init(name: name, spread: spread)]).svg)
  }

  @Test("confusion charts of all sizes", arguments: [1, 2, 3, 7, 20, 40, 41, 200])
  func confusion(_ count: Int) throws {
    var matrix = ConfusionMatrix(labels: (0..<count).map { "class \($0)" })
    for example in 0..<5 * count { matrix.add(truth: example % count, prediction: example * 3 % count) }
    let probe = try ChartTests.probe(ConfusionChart(title: "confusion", confusion: matrix, width: 440).svg)
    let shown = min(count, 22)
    #expect(probe.elements.count { $0.attributes["class"] == "cell" } == shown * shown)
    #expect(probe.texts(of: "text").contains { $0.contains("classes shown") } == (count > shown))
  }

  @Test("a confusion chart has counts, shares of rows and whole sentences under the pointer")
  func figures() throws {
    let matrix = try #require(ConfusionMatrix(labels: ["neg", "pos"], counts: [[30, 10], [0, 0]]))
    let probe = try ChartTests.probe(ConfusionChart(title: "", confusion: matrix).svg)
    let texts = probe.texts(of: "text")
    #expect(texts.contains("30") && texts.contains("75.0 %") && texts.contains("25.0 %"))
    let titles = probe.texts(of: "title")
    #expect(titles.contains("true neg, predicted pos: 10, 25.0 %"))
    #expect(titles.contains("true pos, predicted neg: 0, no examples"))
    #expect(probe.elements.count { $0.attributes["class"] == "heat" } == 2)
  }

  @Test("hostile labels stay text in confusion charts", arguments: Hostile.names)
  func hostileConfusion(_ name: String) throws {
    var matrix = ConfusionMatrix(labels: [name, "plain", name + name])
    matrix.add(truth: 0, prediction: 2)
    let probe = try ChartTests.probe(ConfusionChart(title: name, confusion: matrix).svg)
    // The whole label is there, at least under the pointer.
    #expect(probe.texts(of: "title").contains { $0.contains(DisplayText.clean(name)) })
  }

  @Test("both colour schemes, no external reference")
  func schemes() {
    let svg = ChartTests.lineChart([[1, 2]]).svg
    #expect(svg.contains("prefers-color-scheme:dark"))
    #expect(svg.components(of: "http") == 1 && svg.contains("http://www.w3.org/2000/svg"))
    #expect(!svg.contains("url(") && !svg.contains("href"))
  }

  @Test("the same chart gives the same bytes")
  func deterministic() { #expect(ChartTests.lineChart([[1, 2, 3]]).svg == ChartTests.lineChart([[1, 2, 3]]).svg) }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
