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

/// layerNorm(x + y), bit for bit: a row is normalised while the cache has its sum.
public func layerNorm(sumOf x: Tensor, _ y: Tensor, scale: Tensor?, shift: Tensor?, epsilon: Double) -> Tensor {
  RowNormalization(name: "layerNormOfSum", isCentred: true, epsilon: epsilon)
    .applied(to: x, plus: y, scale: scale, shift: shift)
}

/// rmsNorm(x + y), bit for bit.
public func rmsNorm(sumOf x: Tensor, _ y: Tensor, scale: Tensor?, epsilon: Double) -> Tensor {
  RowNormalization(name: "rmsNormOfSum", isCentred: false, epsilon: epsilon)
    .applied(to: x, plus: y, scale: scale, shift: nil)
}

private struct RowNormalization: Sendable {
  let name: StaticString
  let isCentred: Bool
  let epsilon: Double

  /// Rows whose gradients of scale and shift are one sum.
  private static let rowsOfPart = 64

  /// Rows that are added at a time: their sums stay in a first-level cache.
  private static let rowsOfSum = 8

  func applied(to input: Tensor, plus addend: Tensor? = nil, scale: Tensor?, shift: Tensor?) -> Tensor {
    let (rows, columns, type) = (input.shape.rows, input.shape.columns, input.elementType)
    for vector in [scale, shift].compactMap({ $0 }) {
      precondition(
        vector.count == columns && vector.elementType == type,
        "\(name): a vector of shape \(vector.shape) for \(input.shape), or their types differ")
    }
    precondition(
      addend.map { $0.shape == input.shape && $0.elementType == type } ?? true,
      "\(name): \(input.shape) and \(addend?.shape ?? []) have no sum row by row, or their types differ")
    let (factor, offset) = (scale?.detached, shift?.detached)
    let x = addend == nil ? input.detached : Tensor(uninitialized: input.shape, type)
    let y = Tensor(uninitialized: x.shape, type)
    let statistics = Tensor(uninitialized: [rows, 2], type)
    ThreadPool.current.forPieces(of: columns == 0 ? 0 : rows, grain: max(1, (1 << 13) / max(1, columns))) { range in
      let step = addend == nil ? range.count : RowNormalization.rowsOfSum
      for first in stride(from: range.lowerBound, to: range.upperBound, by: step) {
        let (count, place) = (min(step, range.upperBound - first), first * columns * type.size)
        if let addend {
          ensue_binary(
            type.kernel, EnsueBinaryAdd, input.pointer + place, 1, addend.pointer + place, 1, x.freshPointer + place,
            count * columns)
        }
        ensue_normalize(
          type.kernel, isCentred ? 1 : 0, x.pointer + place, factor?.pointer, offset?.pointer, epsilon,
          y.freshPointer + place, statistics.freshPointer + first * 2 * type.size, count, columns)
      }
    }
    let (scaleShape, shiftShape) = (scale?.shape, shift?.shape)
    let terms = [input] + (addend.map { [$0] } ?? [])
    let termCount = terms.count
    return y.recorded(name, terms + [scale, shift].compactMap { $0 }) { gradient in
      let (dx, dscale, dshift) = self.gradients(x, factor, statistics, gradient, hasShift: shiftShape != nil)
      return .init(repeating: .dense(dx), count: termCount)
        + [dscale?.reshaped(scaleShape ?? []), dshift?.reshaped(shiftShape ?? [])].compactMap { $0.map { .dense($0) } }
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
