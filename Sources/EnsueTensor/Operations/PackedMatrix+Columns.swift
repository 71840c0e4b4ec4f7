// A few rows by a large matrix, as a model meets it that reads one symbol after another: the time is that of reading
// the matrix, so its columns are dealt to the threads, not the rows.

import EnsueKernels

/// Rows times a packed matrix. A column's sum is the same whoever makes it: results do not depend on the threads, nor
/// on whether rows or columns are dealt to them.
struct ColumnProduct {
  let type: ElementType
  var precision = WeightPrecisionKind.full
  /// The packed matrix, [depth, columns].
  let weight: UnsafeRawPointer
  /// [columns]; nil for none.
  let bias: UnsafeRawPointer?
  let depth: Int
  let columns: Int
  var accumulates = false

  /// Bytes of the matrix that a thread has to itself at least: read in some twenty microseconds. The threads meet in
  /// two or three.
  private static let smallestShare = 1 << 20
  /// Rows that are multiplied in the time in which the matrix is read. As many more take as much longer.
  private static let readingRows = 6

  /// c = a · weight (+ bias) (+ c), rows `strideA` and `strideC` elements apart.
  func multiply(_ a: UnsafeRawPointer, _ strideA: Int, into c: UnsafeMutableRawPointer, _ strideC: Int, rows: Int) {
    let panel = ensue_panel_columns(type.kernel)
    let panels = (columns + panel - 1) / panel
    let share = ColumnProduct.smallestShare / max(1, rows / ColumnProduct.readingRows)
    let grain = max(1, share / max(1, depth * panel * precision.size(of: type)))
    ThreadPool.current.forPieces(of: panels, grain: grain) { range in
      let (first, last) = (range.lowerBound * panel, min(columns, range.upperBound * panel))
      multiply(a, strideA, into: c, strideC, rows: rows, first..<last)
    }
  }

  /// The same with rows dealt to the threads, and of each part groups of as many panels as `panels` gives for its rows,
  /// which another thread may take over. `then` is called for every block when it is done.
  func multiply(
    dealing a: UnsafeRawPointer, _ strideA: Int, into c: UnsafeMutableRawPointer, _ strideC: Int, rows: Int,
    panels: (_ rows: Int) -> Int, then: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void = { _, _ in }
  ) {
    let pool = ThreadPool.current
    let group = panels(max(1, rows / pool.threadCount)) * ensue_panel_columns(type.kernel)
    pool.forBlocks(
      rows: rows, grain: max(1, (1 << 17) / max(1, depth * columns)), columnGroups: (columns + group - 1) / group
    ) { range, number in
      let some = number * group..<min(columns, (number + 1) * group)
      multiply(
        a + range.lowerBound * strideA * type.size, strideA, into: c + range.lowerBound * strideC * type.size, strideC,
        rows: range.count, some)
      then(range, some)
    }
  }

  /// Panels of a block of some 30 microseconds.
  func blockPanels(rows: Int) -> Int {
    max(1, (1 << 21) / max(1, rows * depth * ensue_panel_columns(type.kernel)))
  }

  /// Some columns, the first of them a panel's first.
  func multiply(
    _ a: UnsafeRawPointer, _ strideA: Int, into c: UnsafeMutableRawPointer, _ strideC: Int, rows: Int,
    _ range: Range<Int>
  ) {
    let start = weight + range.lowerBound * depth * precision.size(of: type)
    let (shift, target) = (bias.map { $0 + range.lowerBound * type.size }, c + range.lowerBound * type.size)
    switch precision {
    case .full:
      ensue_multiply_packed(
        type.kernel, a, strideA, start, shift, accumulates ? 1 : 0, target, strideC, rows, depth, range.count)
    case .bf16:
      let work = Storage(byteCount: ensue_bfloat16_work(rows, depth) * type.size)
      ensue_multiply_bfloat16(
        a.assumingMemoryBound(to: Float.self), strideA, start.assumingMemoryBound(to: UInt16.self),
        shift?.assumingMemoryBound(to: Float.self), accumulates ? 1 : 0, target.assumingMemoryBound(to: Float.self),
        strideC, rows, depth, range.count, work.pointer.assumingMemoryBound(to: Float.self))
    }
  }
}

extension PackedMatrix {
  /// As many rows leave enough to deal out by rows, each thread reading all of the matrix.
  private static let manyRows = 64
  /// Results that, with a function's values of them, leave room in a second-level cache of 2 MiB.
  private static let cachedResults = 1 << 17

  private func product(bias: Tensor?) -> ColumnProduct {
    ColumnProduct(
      type: elementType, precision: precision, weight: pointer, bias: bias?.pointer, depth: depth, columns: columns)
  }

  /// result = a · self (+ bias), rows dealt to the threads.
  package func multiply(_ a: Tensor, bias: Tensor? = nil, into result: Tensor) {
    let product = product(bias: bias)
    product.multiply(
      dealing: a.pointer, depth, into: result.freshPointer, columns, rows: a.shape.rows, panels: product.blockPanels)
  }

  /// result = a · self (+ bias) and values = function(result), while the cache has what was just written. `values` may
  /// be `result`.
  func multiply(_ a: Tensor, bias: Tensor?, into result: Tensor, then function: UnitFunction, into values: Tensor) {
    let panel = ensue_panel_columns(elementType.kernel)
    product(bias: bias).multiply(
      dealing: a.pointer, depth, into: result.freshPointer, columns, rows: a.shape.rows,
      panels: { max(1, PackedMatrix.cachedResults / ($0 * panel)) }
    ) { rows, some in
      let offset = (rows.lowerBound * columns + some.lowerBound) * elementType.size
      function.apply(
        elementType, result.pointer + offset, values.freshPointer + offset, rows: rows.count, columns: some.count,
        stride: columns)
    }
  }

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
    if rows < PackedMatrix.manyRows {
      product(bias: bias).multiply(a.pointer, depth, into: result.freshPointer, columns, rows: rows)
      return function.map { $0(result) } ?? result
    }
    if let function {
      multiply(a, bias: bias, into: result, then: function, into: result)
    } else {
      multiply(a, bias: bias, into: result)
    }
    return result
  }
}
