// Grids of heat maps as XML: whole, in their frame, with every map in its place.

import EnsueReport
import Testing

@Suite struct HeatMapGridTests {
  static let hostile: [Double] = [
    0, 1, -1, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude,
  ]

  private func grid(_ rows: Int, _ columns: Int, _ values: [[Double]], name: String? = nil, width: Double = 520)
    -> HeatMapGrid
  {
    HeatMapGrid(
      title: name ?? "weights", rowNames: (0..<rows).map { name ?? "row \($0)" },
      columnNames: (0..<columns).map { name ?? "column \($0)" },
      maps: Array(
        repeating: Array(repeating: HeatMapGrid.Map(values: values, note: name ?? "a note"), count: columns),
        count: rows),
      note: name ?? "what rows and columns are, in a line that is long enough to need two of them on a narrow page",
      width: width)
  }

  @Test(arguments: [0, 1, 2, 11], [0, 1, 5]) func everyMapIsDrawn(_ rows: Int, _ columns: Int) throws {
    for width in [200.0, 520, 1200] {
      let probe = try ChartTests.probe(grid(rows, columns, [[0, 1], [0.5, -1]], width: width).svg)
      #expect(probe.elements.count { $0.attributes["class"] == "cell" } == rows * columns)
      // Three strengths: 1, 0.5 and -1.
      #expect(probe.elements.count { $0.attributes["class"] == "mark" } == 3 * rows * columns)
    }
  }

  @Test(arguments: HeatMapGridTests.hostile) func anyNumberCanBeDrawn(_ value: Double) throws {
    try ChartTests.probe(grid(2, 2, [[value, 1, -2], [0, value, value]]).svg)
    try ChartTests.probe(grid(1, 1, [[value]]).svg)
    try ChartTests.probe(grid(1, 2, []).svg)
    try ChartTests.probe(grid(1, 2, [[], []]).svg)
  }

  @Test func anyNameCanBeWritten() throws {
    for name in Hostile.names { try ChartTests.probe(grid(2, 3, [[1]], name: name, width: 300).svg) }
  }

  @Test func missingMapsLeaveTheirPlaceEmpty() throws {
    let grid = HeatMapGrid(
      title: "", rowNames: ["a", "b"], columnNames: ["c"], maps: [[nil], [HeatMapGrid.Map(values: [[1]])]])
    let probe = try ChartTests.probe(grid.svg)
    #expect(probe.elements.count { $0.attributes["class"] == "cell" } == 1)
    #expect(probe.texts(of: "title") == ["b, c"])
  }
}
