// Weight maps side by side as a picture.

/// Small multiples of weight maps in one picture: matrices with their labels, and maps of one row as running text whose
/// words are shaded. All maps of a section have one scale.
///
/// Of a map at most the first 150 rows and columns are drawn, and a line says so.
public struct WeightMapChart: Sendable, Equatable {
  /// Maps that are looked at together.
  public struct Section: Sendable, Equatable {
    public let title: String
    public let maps: [WeightMap]

    public init(title: String, maps: [WeightMap]) { (self.title, self.maps) = (title, maps) }

    /// The number with the full shade: the largest of all maps.
    public var largest: Double { maps.reduce(0) { max($0, $1.largest) } }
  }

  /// The most rows and columns of a map that are drawn.
  public static let limit = 150

  public let title: String
  public let sections: [Section]
  /// The width in user units, in which text is 13 high. A map that is wider widens the picture.
  public let width: Double

  public init(title: String, sections: [Section], width: Double = 1040) {
    precondition(width >= 200, "a chart of weight maps is at least 200 wide")
    (self.title, self.sections, self.width) = (title, sections, width)
  }

  /// The chart as an SVG file.
  public var svg: String {
    let drawing = WeightMapDrawing(self)
    return drawing.canvas.document(width: drawing.width, height: drawing.height, label: title)
  }
}
