// Rows of a table by their numbers.

import EnsueKernels

extension Tensor {
  /// y[row] = self[ids[row]]: [count, columns] → [ids.count, columns].
  ///
  /// The gradient holds the rows that were asked for, each once; or, of these, `gradientRow` alone.
  public func gathered(_ ids: [Int32], gradientRow: Int32? = nil) -> Tensor {
    precondition(shape.rank == 2, "gathered: a matrix expected, found \(shape)")
    let (rowCount, columns, type) = (shape[0], shape[1], elementType)
    precondition(
      ids.allSatisfy { $0 >= 0 && Int($0) < rowCount }, "gathered: an id lies outside the \(rowCount) rows of \(shape)")
    let result = Tensor(uninitialized: [ids.count, columns], type)
    ids.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let rowBytes = columns * type.size
      ThreadPool.current.forPieces(of: ids.count, grain: max(1, (1 << 15) / max(1, rowBytes))) { range in
        ensue_gather_rows(
          pointer, base + range.lowerBound, result.freshPointer + range.lowerBound * rowBytes, range.count, rowBytes)
      }
    }
    return result.recorded("gathered", [self]) { gradient in
      guard let gradientRow else { return [.rows(RowGradient(summing: gradient, ids: ids, rowCount: rowCount))] }
      let chosen = ids.indices.filter { ids[$0] == gradientRow }
      return [
        .rows(
          RowGradient(
            summing: gradient.gathered(chosen.map(Int32.init)), ids: chosen.map { ids[$0] }, rowCount: rowCount))
      ]
    }
  }
}
