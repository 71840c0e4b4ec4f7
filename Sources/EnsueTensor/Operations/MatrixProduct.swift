// Matrix products. Products with a weight on the right run over our packed panels, whose rows do not depend on each
// other; so do weight gradients of recurrent size, sums over all rows of a batch. Large weight gradients go to
// OpenBLAS, in tiles that depend on the sizes alone. No number depends on how many threads there are.

import COpenBLAS
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

/// x Wᵀ + b: [rows, input] → [rows, output].
///
/// - Parameters:
///   - weight: [output, input]
///   - bias: [output]
public func linear(_ x: Tensor, weight: Tensor, bias: Tensor?) -> Tensor {
  let product = matmul(x, weight, transposingRight: true)
  return bias.map { product + $0 } ?? product
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
    let result = Tensor(uninitialized: [rows, columns], a.elementType)
    if depth == 0 { return Tensor.zeros(result.shape, a.elementType) }
    if transposesA && !transposesB && rows * columns <= MatrixProduct.smallResult {
      transposedLeft(into: result)
    } else if transposesA {
      blas(into: result)
    } else {
      PackedMatrix(b, transposed: transposesB).multiply(a, into: result)
    }
    return result
  }

  /// Results up to this size, such as the gradients of recurrent weights, stay in the second-level cache.
  private static let smallResult = 1 << 18

  /// A weight gradient. Rows of the result are dealt out in multiples of the kernel's block; each is one sum in one order.
  private func transposedLeft(into result: Tensor) {
    let size = a.elementType.size
    let blocks = (rows + 5) / 6
    ThreadPool.current.forPieces(of: blocks, grain: max(1, (1 << 18) / max(1, 6 * depth * columns))) { range in
      let (start, end) = (range.lowerBound * 6, min(range.upperBound * 6, rows))
      ensue_multiply_transposed(
        a.elementType.kernel, a.pointer + start * size, rows, b.pointer, columns,
        result.freshPointer + start * columns * size, columns, end - start, depth, columns)
    }
  }

  /// Rows of the result in at most four equal tiles: a tile is one call.
  private func blas(into result: Tensor) {
    BLAS.prepare()
    let tiles = rows >= 64 && rows * depth * columns > 1 << 20 ? 4 : 1
    ThreadPool.current.run(shares: tiles) { tile in
      let range = rows * tile / tiles..<rows * (tile + 1) / tiles
      let size = a.elementType.size
      let source = a.pointer + range.lowerBound * (transposesA ? 1 : a.shape[1]) * size
      let target = result.freshPointer + range.lowerBound * columns * size
      BLAS.multiply(
        a.elementType, transposesA, transposesB, range.count, columns, depth, source, a.shape[1], b.pointer,
        b.shape[1], target, columns)
    }
  }
}

/// A right-hand matrix in panels, for products with many rows.
package struct PackedMatrix {
  package let depth: Int
  package let columns: Int
  let elementType: ElementType
  let storage: Storage

  /// Packs b, or its transpose. `range` takes some of the columns of the (transposed) matrix.
  package init(_ b: Tensor, transposed: Bool, columns range: Range<Int>? = nil) {
    let all = 0..<b.shape[transposed ? 0 : 1]
    let chosen = range ?? all
    depth = b.shape[transposed ? 1 : 0]
    columns = chosen.count
    elementType = b.elementType
    storage = Storage(byteCount: ensue_packed_count(elementType.kernel, depth, columns) * elementType.size)
    let start = b.pointer + chosen.lowerBound * (transposed ? b.shape[1] : 1) * elementType.size
    ensue_pack(elementType.kernel, start, b.shape[1], transposed ? 1 : 0, depth, columns, storage.pointer)
  }

  package var pointer: UnsafeRawPointer { UnsafeRawPointer(storage.pointer) }

  /// result = a · self (+ bias).
  package func multiply(_ a: Tensor, bias: Tensor? = nil, into result: Tensor) {
    let size = elementType.size
    let rowWork = max(1, depth * columns)
    ThreadPool.current.forPieces(of: a.shape.rows, grain: max(1, (1 << 17) / rowWork)) { range in
      ensue_multiply_packed(
        elementType.kernel, a.pointer + range.lowerBound * depth * size, depth, pointer, bias?.pointer, 0,
        result.freshPointer + range.lowerBound * columns * size, columns, range.count, depth, columns)
    }
  }
}

/// OpenBLAS on one thread at a time: our pool is the only one.
enum BLAS {
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  static func prepare() { _ = singleThreaded }

  static func multiply(
    _ type: ElementType, _ transposesA: Bool, _ transposesB: Bool, _ rows: Int, _ columns: Int, _ depth: Int,
    _ a: UnsafeRawPointer, _ strideA: Int, _ b: UnsafeRawPointer, _ strideB: Int, _ c: UnsafeMutableRawPointer,
    _ strideC: Int
  ) {
    let (flipA, flipB) = (transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans)
    let (m, n, k) = (blasint(rows), blasint(columns), blasint(depth))
    let (lda, ldb, ldc) = (blasint(strideA), blasint(strideB), blasint(strideC))
    switch type {
    case .float32:
      cblas_sgemm(
        CblasRowMajor, flipA, flipB, m, n, k, 1, a.assumingMemoryBound(to: Float.self), lda,
        b.assumingMemoryBound(to: Float.self), ldb, 0, c.assumingMemoryBound(to: Float.self), ldc)
    case .float64:
      cblas_dgemm(
        CblasRowMajor, flipA, flipB, m, n, k, 1, a.assumingMemoryBound(to: Double.self), lda,
        b.assumingMemoryBound(to: Double.self), ldb, 0, c.assumingMemoryBound(to: Double.self), ldc)
    }
  }
}
