// A chart of lines: learning curves, schedules, anything over steps. SVG text, no library.

/// Several named series over a common axis.
///
/// Values that are not finite leave gaps and are counted under the chart. Up to 24 points a series have markers, up to
/// 400 show their value under a pointer; beyond, a line keeps the extremes of every pixel column.
public struct LineChart: Sendable, Equatable {
  /// A point; `y` may be `NaN` or infinite where something was not measured or diverged.
  public struct Point: Sendable, Equatable {
    public let x: Double
    public let y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }

    var isFinite: Bool { x.isFinite && y.isFinite }
  }

  /// A named line.
  public struct Series: Sendable, Equatable {
    /// The name in the legend; series of one name share a colour.
    public let name: String
    /// What tells series of one name apart, for example `training`; explained in the legend by line style.
    public let variant: String?
    public let isDashed: Bool
    public let points: [Point]

    public init(name: String, variant: String? = nil, isDashed: Bool = false, points: [Point]) {
      self.name = name
      self.variant = variant
      self.isDashed = isDashed
      self.points = points
    }
  }

  public let title: String
  /// What the horizontal axis counts, for example `epoch`.
  public let horizontalTitle: String
  public let horizontalFormat: AxisFormat
  /// What the vertical axis measures, for example `loss`.
  public let verticalTitle: String
  public let verticalFormat: AxisFormat
  public let series: [Series]
  /// The width in user units, in which text is 13 high: a narrow chart stays readable on a narrow screen.
  public let width: Double
  /// The height of the plotting area in user units.
  public let plotHeight: Double

  public init(
    title: String, horizontalTitle: String, horizontalFormat: AxisFormat = .number, verticalTitle: String,
    verticalFormat: AxisFormat = .number, series: [Series], width: Double = 720, plotHeight: Double = 280
  ) {
    precondition(width >= 200 && plotHeight >= 80, "a line chart is at least 200 wide and 80 high")
    self.title = title
    self.horizontalTitle = horizontalTitle
    self.horizontalFormat = horizontalFormat
    self.verticalTitle = verticalTitle
    self.verticalFormat = verticalFormat
    self.series = series
    self.width = width
    self.plotHeight = plotHeight
  }

  /// Points that cannot be drawn because a coordinate is not finite.
  public var gapCount: Int { series.reduce(0) { $0 + $1.points.count { !$0.isFinite } } }

  /// The chart as an SVG file.
  public var svg: String {
    let drawing = LineChartDrawing(self)
    return drawing.canvas.document(width: width, height: drawing.height, label: title)
  }

  /// The chart as an element of a page with the charts' style sheet.
  var fragment: String {
    let drawing = LineChartDrawing(self)
    return drawing.canvas.fragment(width: width, height: drawing.height, label: title)
  }
}
