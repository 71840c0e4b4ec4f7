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
  guard let bias else { return matmul(x, weight, transposingRight: true) }
  precondition(
    x.shape.rank == 2 && weight.shape.rank == 2 && x.shape[1] == weight.shape[1] && bias.shape == [weight.shape[0]],
    "linear: x \(x.shape), weight \(weight.shape) and bias \(bias.shape) do not fit")
  let (input, matrix) = (x.detached, weight.detached)
  let needs = (input: x.isTracked, matrix: weight.isTracked, bias: bias.isTracked)
  let result = Tensor(uninitialized: [x.shape[0], weight.shape[0]], x.elementType)
  PackedMatrix(matrix, transposed: true).multiply(input, bias: bias.detached, into: result)
  return result.recorded("linear", [x, weight, bias]) { gradient in
    [
      needs.input ? .dense(MatrixProduct(gradient, matrix, false, false).computed()) : nil,
      needs.matrix ? .dense(MatrixProduct(gradient, input, true, false).computed()) : nil,
      needs.bias ? .dense(gradient.sumValues(axis: 0)) : nil,
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
    let result = Tensor(uninitialized: [rows, columns], a.elementType)
    if depth == 0 { return Tensor.zeros(result.shape, a.elementType) }
    if transposesA && !transposesB {
      return StridedProduct(a: a, columnsA: 0..<rows, b: b, columnsB: 0..<columns).computed()
    } else if transposesA {
      blas(into: result)
    } else {
      PackedMatrix(b, transposed: transposesB).multiply(a, into: result)
    }
    return result
  }

  private func blas(into result: Tensor) {
    BLAS.multiplyInTiles(
      a.elementType, transposesA, transposesB, rows, columns, depth, a.pointer, a.shape[1], b.pointer, b.shape[1],
      result.freshPointer, columns)
  }
}

/// Aᵀ · B of some columns of two matrices with the same rows: the gradient of a weight, a sum over all rows.
struct StridedProduct {
  private let a: Tensor
  private let b: Tensor
  private let columnsA: Range<Int>
  private let columnsB: Range<Int>

  init(a: Tensor, columnsA: Range<Int>, b: Tensor, columnsB: Range<Int>) {
    precondition(
      a.shape.rank == 2 && b.shape.rank == 2 && a.shape[0] == b.shape[0] && columnsA.upperBound <= a.shape[1]
        && columnsB.upperBound <= b.shape[1],
      "columns \(columnsA) of \(a.shape) and \(columnsB) of \(b.shape) have no product")
    (self.a, self.b, self.columnsA, self.columnsB) = (a, b, columnsA, columnsB)
  }

  /// Results up to this size, such as the gradients of recurrent weights, stay in the second-level cache.
  private static let smallResult = 1 << 18

  func computed() -> Tensor {
    let (type, size) = (a.elementType, a.elementType.size)
    let (rows, depth, columns) = (columnsA.count, a.shape[0], columnsB.count)
    if depth == 0 { return .zeros([rows, columns], type) }
    let result = Tensor(uninitialized: [rows, columns], type)
    let (startA, startB) = (a.pointer + columnsA.lowerBound * size, b.pointer + columnsB.lowerBound * size)
    let (strideA, strideB) = (a.shape[1], b.shape[1])
    if rows * columns > StridedProduct.smallResult {
      BLAS.multiplyInTiles(
        type, true, false, rows, columns, depth, startA, strideA, startB, strideB, result.freshPointer, columns)
      return result
    }
    // Rows of the result are dealt out in multiples of the kernel's blocks, of nine or six; each is one sum in one order.
    let blocks = (rows + 17) / 18
    ThreadPool.current.forPieces(of: blocks, grain: max(1, (1 << 18) / max(1, 18 * depth * columns))) { range in
      let (start, end) = (range.lowerBound * 18, min(range.upperBound * 18, rows))
      ensue_multiply_transposed(
        type.kernel, startA + start * size, strideA, startB, strideB, result.freshPointer + start * columns * size,
        columns, end - start, depth, columns)
    }
    return result
  }
}

/// A right-hand matrix in panels, for products with many rows.
package struct PackedMatrix {
  package let depth: Int
  package let columns: Int
  let elementType: ElementType
  let storage: Storage

  /// Packs b, or its transpose.
  package init(_ b: Tensor, transposed: Bool) {
    depth = b.shape[transposed ? 1 : 0]
    columns = b.shape[transposed ? 0 : 1]
    elementType = b.elementType
    storage = Storage(byteCount: ensue_packed_count(elementType.kernel, depth, columns) * elementType.size)
    let start = b.pointer
    let (type, stride, depth, columns, target) = (elementType, b.shape[1], depth, columns, storage.pointer)
    ThreadPool.current.forPieces(of: columns, grain: max(64, (1 << 17) / max(1, depth))) { range in
      ensue_pack_block(
        type.kernel, start + range.lowerBound * (transposed ? stride : 1) * type.size, stride, transposed ? 1 : 0,
        depth, range.count, 0, range.lowerBound, depth, columns, target)
    }
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

  private static func prepare() { _ = singleThreaded }

  /// Rows of the result in at most four equal tiles, which do not depend on the threads: a tile is one call.
  static func multiplyInTiles(
    _ type: ElementType, _ transposesA: Bool, _ transposesB: Bool, _ rows: Int, _ columns: Int, _ depth: Int,
    _ a: UnsafeRawPointer, _ strideA: Int, _ b: UnsafeRawPointer, _ strideB: Int, _ c: UnsafeMutableRawPointer,
    _ strideC: Int
  ) {
    prepare()
    let tiles = rows >= 64 && rows * depth * columns > 1 << 20 ? 4 : 1
    ThreadPool.current.run(shares: tiles) { tile in
      let range = rows * tile / tiles..<rows * (tile + 1) / tiles
      multiply(
        type, transposesA, transposesB, range.count, columns, depth,
        a + range.lowerBound * (transposesA ? 1 : strideA) * type.size, strideA, b, strideB,
        c + range.lowerBound * strideC * type.size, strideC)
    }
  }

  private static func multiply(
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
