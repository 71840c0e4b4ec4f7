// Many small matrices side by side: one for each pair of a row's and a column's name.

/// A grid of heat maps without scales, to compare their patterns.
///
/// In each map rows run downwards and columns to the right. Values above zero are drawn in one colour, those below in
/// another; the full colour is the map's own largest size, so that patterns show whatever the scale. What is not finite
/// is left out.
public struct HeatMapGrid: Sendable, Equatable {
  /// One matrix.
  public struct Map: Sendable, Equatable {
    /// Rows of equal length.
    public let values: [[Double]]
    /// What a pointer over the map shows, besides the names of its row and column.
    public let note: String

    public init(values: [[Double]], note: String = "") {
      precondition(
        values.allSatisfy { $0.count == values[0].count },
        "HeatMapGrid: rows of \(Set(values.map(\.count)).sorted()) values")
      (self.values, self.note) = (values, note)
    }

    /// The largest size among the finite values; 1 where all are zero.
    var limit: Double {
      let largest = values.joined().reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      return largest > 0 ? largest : 1
    }
  }

  public let title: String
  public let rowNames: [String]
  public let columnNames: [String]
  /// maps[row][column]; nil leaves a place empty.
  public let maps: [[Map?]]
  /// What rows and columns of the maps are, written under the grid.
  public let note: String
  /// The width in user units, in which text is 13 high.
  public let width: Double

  public init(
    title: String, rowNames: [String], columnNames: [String], maps: [[Map?]], note: String = "", width: Double = 720
  ) {
    precondition(width >= 200, "a grid of heat maps is at least 200 wide")
    precondition(
      maps.count == rowNames.count && maps.allSatisfy { $0.count == columnNames.count },
      "HeatMapGrid: \(maps.map(\.count)) maps for \(rowNames.count) rows and \(columnNames.count) columns")
    (self.title, self.rowNames, self.columnNames) = (title, rowNames, columnNames)
    (self.maps, self.note, self.width) = (maps, note, width)
  }

  /// The chart as an SVG file.
  public var svg: String {
    let drawing = HeatMapGridDrawing(self)
    return drawing.canvas.document(width: width, height: drawing.height, label: title)
  }

  /// The chart as an element of a page with the charts' style sheet.
  var fragment: String {
    let drawing = HeatMapGridDrawing(self)
    return drawing.canvas.fragment(width: width, height: drawing.height, label: title)
  }
}
