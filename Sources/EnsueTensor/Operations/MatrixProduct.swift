// Matrix products. All run over packed panels of the right-hand side, whose rows do not depend on each other: no number
// depends on how many threads there are. Weight gradients, sums over all rows of a batch, read their left side
// transposed: in place where the result is small, packed where it is larger than the caches.

import EnsueKernels

/// a · b, with either transposed first: [rows, depth] · [depth, columns] → [rows, columns].
public func matmul(
  _ a: Tensor, _ b: Tensor, transposingLeft: Bool = false, transposingRight: Bool = false
) -> Tensor {
  let (left, right) = (a.detached, b.detached)
  let (needsLeft, needsRight) = (a.isTracked, b.isTracked)
  let result = MatrixProduct(left, right, transposingLeft, transposingRight).computed()
  return result.recorded("matmul", [a, b]) { gradient in
    // d(op(a)) = g · op(b)ᵀ and d(op(b)) = op(a)ᵀ · g, transposed back where op transposes.
    let leftGradient =
      transposingLeft
      ? { MatrixProduct(right, gradient, transposingRight, true) }
      : { MatrixProduct(gradient, right, false, !transposingRight) }
    let rightGradient =
      transposingRight
      ? { MatrixProduct(gradient, left, true, transposingLeft) }
      : { MatrixProduct(left, gradient, !transposingLeft, false) }
    return [
      needsLeft ? .dense(leftGradient().computed()) : nil, needsRight ? .dense(rightGradient().computed()) : nil,
    ]
  }
}

/// One product of two matrices, without a gradient.
package struct MatrixProduct {
  let a: Tensor
  let b: Tensor
  let transposesA: Bool
  let transposesB: Bool
  let rows: Int
  let depth: Int
  let columns: Int

  package init(_ a: Tensor, _ b: Tensor, _ transposesA: Bool, _ transposesB: Bool) {
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2 && a.elementType == b.elementType
        && a.shape[transposesA ? 0 : 1] == b.shape[transposesB ? 1 : 0],
      "matmul: \(a.shape)\(transposesA ? "ᵀ" : "") and \(b.shape)\(transposesB ? "ᵀ" : "") do not fit")
    (self.a, self.b, self.transposesA, self.transposesB) = (a, b, transposesA, transposesB)
    rows = a.shape[transposesA ? 1 : 0]
    depth = a.shape[transposesA ? 0 : 1]
    columns = b.shape[transposesB ? 0 : 1]
  }

  package func computed() -> Tensor {
    if depth == 0 { return .zeros([rows, columns], a.elementType) }
    if transposesA { return StridedProduct(a: a, columnsA: 0..<rows, b: b, transposesB: transposesB).computed() }
    let result = Tensor(uninitialized: [rows, columns], a.elementType)
    PackedMatrix(b, transposed: transposesB).multiply(a, into: result)
    return result
  }
}

/// Aᵀ · B of some columns of two matrices with the same rows: the gradient of a weight, a sum over all rows. Or Aᵀ · Bᵀ.
struct StridedProduct {
  private let a: Tensor
  private let b: Tensor
  private let columnsA: Range<Int>
  private let columnsB: Range<Int>
  private let transposesB: Bool

  /// - Parameter columnsB: of B as it stands or, when it is transposed, of its transpose; nil for all.
  init(a: Tensor, columnsA: Range<Int>, b: Tensor, columnsB: Range<Int>? = nil, transposesB: Bool = false) {
    let width = b.shape[transposesB ? 0 : 1]
    let columnsB = columnsB ?? 0..<width
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2 && a.shape[0] == b.shape[transposesB ? 1 : 0]
        && columnsA.upperBound <= a.shape[1] && columnsB.upperBound <= width,
      "columns \(columnsA) of \(a.shape) and \(columnsB) of \(b.shape) have no product")
    (self.a, self.b, self.columnsA, self.columnsB, self.transposesB) = (a, b, columnsA, columnsB, transposesB)
  }

  /// Results up to this size, such as the gradients of recurrent weights, stay in the second-level cache.
  private static let smallResult = 1 << 17
  /// Depths of a larger one that are multiplied at a time, so that what both sides are packed into stays in cache.
  private static let piece = 384

  func computed() -> Tensor {
    let (type, size) = (a.elementType, a.elementType.size)
    let (rows, depth, columns) = (columnsA.count, a.shape[0], columnsB.count)
    if depth == 0 { return .zeros([rows, columns], type) }
    let result = Tensor(uninitialized: [rows, columns], type)
    let (strideA, strideB) = (a.shape[1], b.shape[1])
    let (stepB, depthStepB) = transposesB ? (strideB, 1) : (1, strideB)
    let (startA, startB) = (a.pointer + columnsA.lowerBound * size, b.pointer + columnsB.lowerBound * stepB * size)
    if transposesB || rows * columns > StridedProduct.smallResult {
      for start in stride(from: 0, to: depth, by: StridedProduct.piece) {
        let piece = min(StridedProduct.piece, depth - start)
        let right = PackedMatrix(
          at: startB + start * depthStepB * size, stride: strideB, transposed: transposesB, depth: piece,
          columns: columns, type)
        PackedColumns(at: startA + start * strideA * size, stride: strideA, count: rows, depth: piece, type)
          .multiply(right, accumulates: start > 0, into: result)
      }
      return result
    }
    // Rows of the result are dealt out in multiples of the kernel's blocks, of nine or six; each is one sum in one order.
    let unit = 36
    ThreadPool.current.forPieces(
      of: (rows + unit - 1) / unit, grain: max(1, (1 << 18) / max(1, unit * depth * columns))
    ) { range in
      let (start, end) = (range.lowerBound * unit, min(range.upperBound * unit, rows))
      ensue_multiply_transposed(
        type.kernel, startA + start * size, strideA, startB, strideB, result.freshPointer + start * columns * size,
        columns, end - start, depth, columns)
    }
    return result
  }
}
