// A matrix as a picture: a colour for the sign, its strength for the size.

/// A heat map. Rows run downwards, columns to the right, both counted from 0.
///
/// Values above zero are drawn in one colour, those below in another, in twelve strengths up to `limit`; what is not
/// finite is left out and counted under the chart. Where there are more rows or columns than the picture has room for,
/// one of three or five (…) is drawn, and a line says so.
public struct HeatMap: Sendable, Equatable {
  public let title: String
  /// What the columns are, for example `feature`.
  public let horizontalTitle: String
  /// What the rows are, for example `position`.
  public let verticalTitle: String
  /// Rows of equal length.
  public let values: [[Double]]
  /// The size that has the full colour, above zero; larger values have it too.
  public let limit: Double
  /// The width in user units, in which text is 13 high.
  public let width: Double

  /// - Parameter limit: nil for the largest size among the values.
  public init(
    title: String, horizontalTitle: String, verticalTitle: String, values: [[Double]], limit: Double? = nil,
    width: Double = 720
  ) {
    precondition(width >= 200, "a heat map is at least 200 wide")
    precondition(
      values.allSatisfy { $0.count == values[0].count }, "HeatMap: rows of \(Set(values.map(\.count)).sorted()) values")
    (self.title, self.horizontalTitle, self.verticalTitle) = (title, horizontalTitle, verticalTitle)
    (self.values, self.width) = (values, width)
    let largest = values.joined().reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
    let asked = limit ?? largest
    self.limit = asked > 0 ? asked : 1
  }

  public var rowCount: Int { values.count }
  public var columnCount: Int { values.first?.count ?? 0 }
  /// Values that cannot be drawn.
  public var gapCount: Int { values.joined().count { !$0.isFinite } }

  /// The chart as an SVG file.
  public var svg: String {
    let drawing = HeatMapDrawing(self)
    return drawing.canvas.document(width: width, height: drawing.height, label: title)
  }

  static let levelCount = 12

  /// The strength of a value, from -12 to 12; 0 where it is not finite.
  func level(_ value: Double) -> Int {
    guard value.isFinite else { return 0 }
    let share = min(max(value / limit, -1), 1)
    return Int((share * Double(HeatMap.levelCount)).rounded())
  }

  /// The matrix for a terminal of `width` cells, in characters from `@` at -limit over a space at zero to `#` at limit:
  /// one line for each row, thinned to what there is room for.
  public func text(width: Int, height: Int = 40) -> String {
    guard rowCount > 0, columnCount > 0 else { return "no data\n" }
    let label = "\(rowCount - 1)".utf8.count
    let room = max(width - label - 2, 1)
    // Odd, as in the picture.
    let (columnStride, rowStride) = ((columnCount + room - 1) / room | 1, (rowCount + height - 1) / height | 1)
    var text = ""
    for row in stride(from: 0, to: rowCount, by: rowStride) {
      let name = "\(row)"
      let cells = stride(from: 0, to: columnCount, by: columnStride).map { HeatMap.character(level(values[row][$0])) }
      text += String(repeating: " ", count: label - name.utf8.count) + name + " " + String(cells) + "\n"
    }
    return text + HeatMap.key(limit, rowStride, columnStride, verticalTitle, horizontalTitle)
  }

  private static let above = Array(" .:-=+#")
  private static let below = Array(" ,;~o&@")

  private static func character(_ level: Int) -> Character {
    let step = (level.magnitude + 1) / 2
    return level < 0 ? below[Int(step)] : above[Int(step)]
  }

  private static func key(
    _ limit: Double, _ rowStride: Int, _ columnStride: Int, _ rows: String, _ columns: String
  ) -> String {
    func every(_ stride: Int, _ name: String) -> String? { stride == 1 ? nil : "1 of \(stride) \(name)s" }
    let thinned = [every(rowStride, rows), every(columnStride, columns)].compactMap { $0 }
    let end = AxisFormat.wholeNumber.text(limit)
    return "\(rows) by \(columns), from -\(end) \(String(below.reversed()))\(String(above.dropFirst())) to \(end)"
      + (thinned.isEmpty ? "" : "; \(thinned.joined(separator: ", "))") + "\n"
  }
}
