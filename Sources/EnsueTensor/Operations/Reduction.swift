// Sums, means and maxima along an axis.

import EnsueKernels

extension Tensor {
  /// The sizes before, along and after an axis.
  private func parts(around axis: Int) -> (outer: Int, axis: Int, inner: Int) {
    let index = shape.index(of: axis)
    return (
      shape.sizes[..<index].reduce(1, *), shape.sizes[index], shape.sizes[(index + 1)...].reduce(1, *)
    )
  }

  /// The sum along an axis, without a gradient.
  package func sumValues(axis: Int) -> Tensor {
    let (outer, size, inner) = parts(around: axis)
    let result = Tensor(uninitialized: shape.removing(axis: axis), elementType)
    let bytes = elementType.size
    ThreadPool.current.forPieces(of: outer, grain: max(1, (1 << 15) / max(1, size * inner))) { range in
      ensue_sum(
        elementType.kernel, pointer + range.lowerBound * size * inner * bytes,
        result.freshPointer + range.lowerBound * inner * bytes, range.count, size, inner)
    }
    return result
  }

  /// The sum along an axis, which is removed.
  public func sum(axis: Int) -> Tensor {
    let (whole, reduced) = (shape, shape.replacing(axis: axis, with: 1))
    let type = elementType
    return detached.sumValues(axis: axis).recorded("sum", [self]) { gradient in
      [.dense(gradient.viewed(as: reduced) + Tensor.zeros(whole, type))]
    }
  }

  /// The sum of all elements, as a tensor of shape [].
  public func sum() -> Tensor { reshaped([count]).sum(axis: 0) }

  /// The mean along an axis, which is removed.
  public func mean(axis: Int) -> Tensor { sum(axis: axis) / Double(shape[axis]) }

  /// The mean of all elements, as a tensor of shape [].
  public func mean() -> Tensor {
    precondition(count > 0, "mean: nothing to take the mean of in \(shape)")
    return sum() / Double(count)
  }

  /// The largest element along an axis, which is removed. The gradient goes to the first of equal ones.
  public func maximum(axis: Int) -> Tensor {
    let (outer, size, inner) = parts(around: axis)
    precondition(size > 0, "maximum: the axis \(axis) of \(shape) is empty")
    let result = Tensor(uninitialized: shape.removing(axis: axis), elementType)
    var positions = [Int32](repeating: 0, count: outer * inner)
    ensue_maximum(elementType.kernel, pointer, result.freshPointer, &positions, outer, size, inner)
    let (whole, type, chosen) = (shape, elementType, positions)
    return result.recorded("maximum", [self]) { gradient in
      let values = gradient.doubles
      var spread = [Double](repeating: 0, count: whole.count)
      for o in 0..<outer {
        for i in 0..<inner { spread[(o * size + Int(chosen[o * inner + i])) * inner + i] = values[o * inner + i] }
      }
      return [.dense(Tensor(spread, shape: whole).converted(to: type))]
    }
  }

  /// The position of the largest element of each row: [rows, columns] → rows.
  public func argmax() -> [Int] {
    let rows = shape.rows
    precondition(shape.columns > 0, "argmax: rows of \(shape) are empty")
    let largest = Tensor(uninitialized: [rows], elementType)
    var positions = [Int32](repeating: 0, count: rows)
    ensue_maximum(elementType.kernel, pointer, largest.freshPointer, &positions, rows, shape.columns, 1)
    return positions.map(Int.init)
  }

  /// Σ x², in double precision: sums of pieces, whose size is fixed, added in order.
  package var sumOfSquares: Double {
    let piece = 1 << 16
    var sums = [Double](repeating: 0, count: (count + piece - 1) / piece)
    sums.withUnsafeMutableBufferPointer { sums in
      ThreadPool.current.forPieces(of: sums.count, grain: 1) { range in
        for index in range {
          let start = index * piece
          sums[index] = ensue_sum_of_squares(
            elementType.kernel, pointer + start * elementType.size, min(piece, count - start))
        }
      }
    }
    return sums.reduce(0, +)
  }
}
