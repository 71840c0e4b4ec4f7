// One optimiser step over one parameter: gradient, moments and values in a single pass, rows of zeros left out.

extension Tensor {
  /// Updates this parameter and its moments in place.
  package mutating func update(_ step: UpdateStep, gradient: Tensor, slots: inout [Tensor]) {
    precondition(gradient.shape == shape, "update: gradient \(gradient.shape) of a parameter \(shape)")
    let (type, count) = (elementType, count)
    withMutablePointers(of: &slots) { values, moments in
      ThreadPool.current.forPieces(of: count, grain: 1 << 14) { range in
        let offset = range.lowerBound * type.size
        step.apply(type, values + offset, gradient.pointer + offset, moments.map { $0 + offset }, range.count)
      }
    }
  }

  /// Updates `rows` of this parameter, in rising order: with the rows of `gradient` where it has them, else with zero.
  package mutating func update(_ step: UpdateStep, gradient: RowGradient, rows: [Int], slots: inout [Tensor]) {
    let (type, columns) = (elementType, shape.columns)
    let rowBytes = columns * type.size
    var slotOfRow = [Int32](repeating: -1, count: shape.rows)
    for (slot, id) in gradient.ids.enumerated() { slotOfRow[Int(id)] = Int32(slot) }
    // Neighbouring rows without a gradient go together: one call for each row would cost more than its numbers.
    let longestRun = max(1, (1 << 12) / max(1, columns))
    let zeros = Tensor.zeros([longestRun, columns], type)
    let slotsOfRows = slotOfRow
    withMutablePointers(of: &slots) { values, moments in
      ThreadPool.current.forPieces(of: rows.count, grain: max(1, (1 << 13) / max(1, columns))) { range in
        var index = range.lowerBound
        while index < range.upperBound {
          let row = rows[index]
          let slot = Int(slotsOfRows[row])
          var count = 1
          while slot < 0, count < longestRun, index + count < range.upperBound, rows[index + count] == row + count,
            slotsOfRows[row + count] < 0
          { count += 1 }
          let source = slot < 0 ? zeros.pointer : gradient.values.pointer + slot * rowBytes
          step.apply(type, values + row * rowBytes, source, moments.map { $0 + row * rowBytes }, count * columns)
          index += count
        }
      }
    }
  }

  private mutating func withMutablePointers(
    of slots: inout [Tensor], _ body: (UnsafeMutableRawPointer, [UnsafeMutableRawPointer]) -> Void
  ) {
    var moments: [UnsafeMutableRawPointer] = []
    // The pointers stay good: every slot is its memory's only owner and lives to the end of the call.
    for index in slots.indices { slots[index].withMutablePointer { moments.append($0) } }
    withMutablePointer { body($0, moments) }
  }
}
