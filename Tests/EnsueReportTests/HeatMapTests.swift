// Heat maps as XML: every cell where it belongs and as strong as its value, whatever the values, sizes and names.

import EnsueReport
import Testing

@Suite("heat maps") struct HeatMapTests {
  private static func map(_ values: [[Double]], limit: Double? = nil, name: String = "title", width: Double = 480)
    -> HeatMap
  {
    HeatMap(
      title: name, horizontalTitle: name, verticalTitle: name, values: values, limit: limit, width: width)
  }

  /// The rectangles of the map's body, with colour class and strength.
  private static func cells(_ probe: MarkupProbe) -> [(opacity: Double, corners: [Double])] {
    probe.elements.filter { $0.attributes["class"] == "mark" && $0.attributes["shape-rendering"] == "crispEdges" }
      .flatMap { element -> [(opacity: Double, corners: [Double])] in
        let opacity = Double(element.attributes["fill-opacity"] ?? "") ?? .nan
        return (element.attributes["d"] ?? "").split(separator: "M").map { shape in
          (opacity, shape.split { "L ".contains($0) }.compactMap { Double($0) })
        }
      }
  }

  @Test("survive all values", arguments: ChartCase.all)
  func values(_ values: ChartCase) throws {
    let columns = values.values.map(\.count).max() ?? 0
    let rows = values.values.map { $0 + Array(repeating: Double.nan, count: columns - $0.count) }
    let map = HeatMapTests.map(rows)
    let probe = try ChartTests.probe(map.svg)
    #expect(map.gapCount == rows.joined().count { !$0.isFinite })
    #expect(probe.texts(of: "text").contains { $0.hasSuffix("not drawn") } == (map.gapCount > 0))
    #expect(probe.texts(of: "text").contains("no data") == (columns == 0))
    let text = map.text(width: 60)
    let lines = text.split(whereSeparator: \.isNewline)
    #expect(lines.dropLast().allSatisfy { $0.count <= 60 })
  }

  @Test(
    "all sizes and widths", arguments: [(1, 1), (1, 900), (900, 1), (3, 5), (64, 128), (600, 700)], [200.0, 720, 1600])
  func sizes(_ size: (rows: Int, columns: Int), _ width: Double) throws {
    let values = (0..<size.rows).map { row in (0..<size.columns).map { Double((row + 2 * $0) % 7) - 3 } }
    let svg = HeatMapTests.map(values, width: width).svg
    let probe = try ChartTests.probe(svg)
    let isThinned = probe.texts(of: "text").contains { $0.hasSuffix("shown") }
    #expect(isThinned == (size.rows > 220 || Double(size.columns) > width / 2 - 22))
    #expect(svg.utf8.count < 7_000_000)
  }

  @Test("cells have their value's colour, strength and place")
  func places() throws {
    let map = HeatMapTests.map([[1, 0.5, 0.5], [0, -1, -.infinity]], name: "")
    let probe = try ChartTests.probe(map.svg)
    let cells = HeatMapTests.cells(probe).filter { $0.corners[1] < 100 }
    #expect(cells.map(\.opacity) == [0.5, 1, 1])
    let (half, full, below) = (cells[0].corners, cells[1].corners, cells[2].corners)
    // The two neighbours are one rectangle, to the right of the full one; the negative cell is under its beginning.
    #expect(half[0] == full[2] && half[1] == full[1] && abs((half[2] - half[0]) - 2 * (full[2] - full[0])) < 0.03)
    #expect(below[0] == half[0] && below[1] == half[5])
    #expect(probe.texts(of: "text").contains("1 value not finite is not drawn"))
  }

  @Test("the limit is the full colour")
  func limit() throws {
    let strengths = try HeatMapTests.cells(ChartTests.probe(HeatMapTests.map([[1, 5]], limit: 2, name: "").svg))
    #expect(strengths.prefix(2).map(\.opacity) == [0.5, 1])
    #expect(HeatMapTests.map([[0, 0]]).limit == 1)
    #expect(HeatMapTests.map([[-3, 2]]).limit == 3)
  }

  @Test("hostile names stay text", arguments: Hostile.names)
  func hostile(_ name: String) throws {
    try ChartTests.probe(HeatMapTests.map([[1, -1]], name: name).svg)
  }

  @Test("in a terminal: a character for a cell")
  func terminal() {
    let text = HeatMapTests.map([[1, 0, -1], [0.5, -0.5, .nan]], name: "row").text(width: 40)
    #expect(text == "0 # @\n1 -~ \nrow by row, from -1 @&o~;, .:-=+# to 1\n")
    let wide = HeatMapTests.map([Array(repeating: 1, count: 100)]).text(width: 30)
    #expect(wide.hasPrefix("0 " + String(repeating: "#", count: 20) + "\n") && wide.contains("1 of 5 titles"))
  }
}
