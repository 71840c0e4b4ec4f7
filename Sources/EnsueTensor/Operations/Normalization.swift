// Normalisation of each row over the last axis.

import EnsueKernels

/// Layer normalisation (Ba, Kiros and Hinton 2016) over the last axis:
/// y = (x - mean) / √(variance + ε) ⊙ scale + shift, with the variance of the row itself (divided by its length).
///
/// - Parameters:
///   - scale: [columns], or nil for ones.
///   - shift: [columns], or nil for zeros.
public func layerNorm(_ x: Tensor, scale: Tensor?, shift: Tensor?, epsilon: Double) -> Tensor {
  RowNormalization(name: "layerNorm", isCentred: true, epsilon: epsilon).applied(to: x, scale: scale, shift: shift)
}

/// Root mean square normalisation (Zhang and Sennrich 2019) over the last axis: y = x / √(mean of x² + ε) ⊙ scale.
///
/// - Parameter scale: [columns], or nil for ones.
public func rmsNorm(_ x: Tensor, scale: Tensor?, epsilon: Double) -> Tensor {
  RowNormalization(name: "rmsNorm", isCentred: false, epsilon: epsilon).applied(to: x, scale: scale, shift: nil)
}

private struct RowNormalization: Sendable {
  let name: StaticString
  let isCentred: Bool
  let epsilon: Double

  /// Rows whose gradients of scale and shift are one sum.
  private static let rowsOfPart = 64

  func applied(to input: Tensor, scale: Tensor?, shift: Tensor?) -> Tensor {
    let (x, rows, columns, type) = (input.detached, input.shape.rows, input.shape.columns, input.elementType)
    for vector in [scale, shift].compactMap({ $0 }) {
      precondition(
        vector.count == columns && vector.elementType == type,
        "\(name): a vector of shape \(vector.shape) for \(x.shape), or their types differ")
    }
    let (factor, addend) = (scale?.detached, shift?.detached)
    let y = Tensor(uninitialized: x.shape, type)
    let statistics = Tensor(uninitialized: [rows, 2], type)
    ThreadPool.current.forPieces(of: columns == 0 ? 0 : rows, grain: max(1, (1 << 13) / max(1, columns))) { range in
      let offset = range.lowerBound * columns * type.size
      ensue_normalize(
        type.kernel, isCentred ? 1 : 0, x.pointer + offset, factor?.pointer, addend?.pointer, epsilon,
        y.freshPointer + offset, statistics.freshPointer + range.lowerBound * 2 * type.size, range.count, columns)
    }
    let (scaleShape, shiftShape) = (scale?.shape, shift?.shape)
    return y.recorded(name, [input] + [scale, shift].compactMap { $0 }) { gradient in
      let (dx, dscale, dshift) = self.gradients(x, factor, statistics, gradient, hasShift: shiftShape != nil)
      return [.dense(dx), dscale.map { .dense($0.reshaped(scaleShape ?? [])) }]
        .compactMap { $0 } + (dshift.map { [.dense($0.reshaped(shiftShape ?? []))] } ?? [])
    }
  }

  /// Scale and shift have a sum for each part of the rows, fixed by their number, and these are added in order.
  private func gradients(
    _ x: Tensor, _ scale: Tensor?, _ statistics: Tensor, _ gradient: Tensor, hasShift: Bool
  ) -> (x: Tensor, scale: Tensor?, shift: Tensor?) {
    let (rows, columns, type) = (x.shape.rows, x.shape.columns, x.elementType)
    let parts = max(1, (rows + RowNormalization.rowsOfPart - 1) / RowNormalization.rowsOfPart)
    let dx = Tensor(uninitialized: x.shape, type)
    let dscale = scale == nil ? nil : Tensor.zeros([parts, columns], type)
    let dshift = hasShift ? Tensor.zeros([parts, columns], type) : nil
    ThreadPool.current.run(shares: columns == 0 ? 0 : parts) { part in
      let first = part * RowNormalization.rowsOfPart
      let count = min(RowNormalization.rowsOfPart, rows - first)
      let (offset, place) = (first * columns * type.size, part * columns * type.size)
      ensue_normalize_gradient(
        type.kernel, isCentred ? 1 : 0, x.pointer + offset, scale?.pointer,
        statistics.pointer + first * 2 * type.size, gradient.pointer + offset, dx.freshPointer + offset,
        dscale.map { $0.freshPointer + place }, dshift.map { $0.freshPointer + place }, count, columns)
    }
    return (dx, dscale?.sum(axis: 0), dshift?.sum(axis: 0))
  }
}
