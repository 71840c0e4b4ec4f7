// A few rows by a large matrix, as a model meets it that reads one symbol after another: the time is that of reading
// the matrix, so its columns are dealt to the threads, not the rows.

import EnsueKernels

/// A few rows times a packed matrix. A column's sum is the same whoever makes it: results do not depend on the
/// threads, and are those of `ensue_multiply_packed` over all columns.
struct ColumnProduct {
  let type: ElementType
  /// The packed matrix, [depth, columns].
  let weight: UnsafeRawPointer
  /// [columns]; nil for none.
  let bias: UnsafeRawPointer?
  let depth: Int
  let columns: Int
  var accumulates = false

  /// Numbers of the matrix that a thread has to itself at least: 1 MiB in 32 bits, read in some twenty microseconds.
  /// The threads meet in two or three.
  private static let smallestShare = 1 << 18

  /// c = a · weight (+ bias) (+ c), rows `strideA` and `strideC` elements apart.
  func multiply(_ a: UnsafeRawPointer, _ strideA: Int, into c: UnsafeMutableRawPointer, _ strideC: Int, rows: Int) {
    let panel = ensue_panel_columns(type.kernel)
    let panels = (columns + panel - 1) / panel
    let grain = max(1, ColumnProduct.smallestShare / max(1, depth * panel))
    ThreadPool.current.forPieces(of: panels, grain: grain) { range in
      let (first, last) = (range.lowerBound * panel, min(columns, range.upperBound * panel))
      ensue_multiply_packed(
        type.kernel, a, strideA, weight + first * depth * type.size, bias.map { $0 + first * type.size },
        accumulates ? 1 : 0, c + first * type.size, strideC, rows, depth, last - first)
    }
  }
}

extension PackedMatrix {
  /// a · self + bias, or a function of that: the numbers of `linear`, bit for bit. No gradient flows.
  /// - Parameters:
  ///   - a: [rows, depth]
  ///   - bias: [columns]; nil for none.
  /// - Returns: [rows, columns]
  package func multiplied(byRowsOf a: Tensor, bias: Tensor?, then function: UnitFunction? = nil) -> Tensor {
    precondition(
      a.shape.rank == 2 && a.shape[1] == depth && a.elementType == elementType && (bias?.count ?? columns) == columns,
      "a product of \(a.shape) and a packed matrix of [\(depth), \(columns)] with a bias of \(bias?.count ?? columns)")
    let rows = a.shape[0]
    let result = Tensor(uninitialized: [rows, columns], elementType)
    if rows >= PackedMatrix.dealtRows * ThreadPool.current.threadCount {
      if let function {
        multiply(a, bias: bias, into: result, then: function, into: result)
      } else {
        multiply(a, bias: bias, into: result)
      }
      return result
    }
    ColumnProduct(type: elementType, weight: pointer, bias: bias?.pointer, depth: depth, columns: columns)
      .multiply(a.pointer, depth, into: result.freshPointer, columns, rows: rows)
    return function.map { $0(result) } ?? result
  }
}

/// Sendable without the compiler's proof: its memory is written by its initialiser alone.
extension PackedMatrix: @unchecked Sendable {}
