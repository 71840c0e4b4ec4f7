// Rotary positions: features turned in pairs by an angle that grows with the place (Su et al. 2021).

import EnsueKernels

extension Tensor {
  /// Every pair (a, b) of every head of row r, turned by the angle p_r θ_i:
  /// a' = a cos(p_r θ_i) − b sin(p_r θ_i), b' = a sin(p_r θ_i) + b cos(p_r θ_i).
  ///
  /// The product of a turned query and a turned key depends on their places through the difference alone. The
  /// derivative is the turn back.
  ///
  /// The tensor is [rows, heads · d], d being the table's head size.
  /// - Parameters:
  ///   - table: angles of at least the places given.
  ///   - places: p_r, one a row.
  public func rotated(by table: RotaryTable, places: [Int]) -> Tensor {
    precondition(
      shape.rank == 2 && shape[0] == places.count && shape[1].isMultiple(of: table.headSize)
        && elementType == table.cosines.elementType && places.allSatisfy(table.places.contains),
      "rotated: \(shape) with \(places.count) places by a table of the places \(table.places), \(table.headSize) features"
    )
    let rows = places.map { Int32($0 - table.places.lowerBound) }
    return detached.turned(table, rows, direction: 1).recorded("rotated", [self]) { gradient in
      [.dense(gradient.turned(table, rows, direction: -1))]
    }
  }

  private func turned(_ table: RotaryTable, _ rows: [Int32], direction: Double) -> Tensor {
    let (result, columns, type) = (Tensor(uninitialized: shape, elementType), shape[1], elementType)
    rows.withUnsafeBufferPointer { rows in
      ThreadPool.current.forPieces(of: columns == 0 ? 0 : rows.count, grain: max(1, (1 << 13) / max(1, columns))) {
        range in
        let offset = range.lowerBound * columns * type.size
        ensue_rotate(
          type.kernel, table.layout.kernel, pointer + offset, rows.baseAddress.map { $0 + range.lowerBound },
          table.cosines.pointer, table.sines.pointer, direction, result.freshPointer + offset, range.count,
          columns / table.headSize, table.headSize)
      }
    }
    return result
  }
}
