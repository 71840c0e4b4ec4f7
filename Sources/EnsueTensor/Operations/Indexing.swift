// Rows of a table by their numbers.

import EnsueKernels

extension Tensor {
  /// y[row] = self[ids[row]]: [count, columns] → [ids.count, columns].
  ///
  /// The gradient holds the rows that were asked for, each once.
  public func gathered(_ ids: [Int32]) -> Tensor {
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
      [.rows(RowGradient(summing: gradient, ids: ids, rowCount: rowCount))]
    }
  }
}
