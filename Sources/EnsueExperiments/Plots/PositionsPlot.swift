// The sinusoidal vectors of positions as a heat map, or how alike they are.

import EnsueLayers
import EnsueReport
import EnsueTensor

/// The table of `SinusoidalPositions`, positions by features, or the dot products of all pairs of positions.
public struct PositionsPlot: Sendable {
  public var length = 64
  /// Features of a position.
  public var width = 128
  /// Whether dot products are drawn, divided by that of a position with itself.
  public var showsProducts = false
  /// The width of the picture in user units.
  public var pictureWidth = 720.0

  public init() {}

  public var map: HeatMap {
    let table = SinusoidalPositions.table(length: length, width: width)
    if showsProducts {
      let products = matmul(table, table, transposingRight: true)
      return HeatMap(
        title: "Dot products of positions, \(width) features", horizontalTitle: "position", verticalTitle: "position",
        values: rows(products * (2 / Double(width))), limit: 1, width: pictureWidth)
    }
    return HeatMap(
      title: "Sinusoidal positions, \(width) features", horizontalTitle: "feature", verticalTitle: "position",
      values: rows(table), limit: 1, width: pictureWidth)
  }

  private func rows(_ matrix: Tensor) -> [[Double]] {
    let (values, columns) = (matrix.doubles, matrix.shape[1])
    return (0..<matrix.shape[0]).map { Array(values[$0 * columns..<($0 + 1) * columns]) }
  }
}
