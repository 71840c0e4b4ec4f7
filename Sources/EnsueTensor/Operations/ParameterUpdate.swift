// One optimiser step over one parameter: gradient, moments and values in a single pass, rows of zeros left out.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Tensor {
  /// Updates this parameter and its moments in place.
  package mutating func update(_ step: UpdateStep, gradient: Tensor, slots: inout [Tensor]) {
    precondition(gradient.shape == shape, "update: gradient \(gradient.shape) of a parameter \(shape)")
    let (type, count) = (elementType, count)
    withMutablePointers(of: &slots) { values, moments in
      ThreadPool.current.forPieces(of: count, grain: 1 << 14) { range in
        let offset = range.lowerBound * type.size
        step.apply(type, values, gradient.pointer + offset, moments, from: offset, range.count)
      }
    }
  }

  /// Updates `rows` of this parameter: with the rows of `gradient` where it has them, else with zero.
  package mutating func update(_ step: UpdateStep, gradient: RowGradient, rows: RowSet, slots: inout [Tensor]) {
    let (type, rowCount, columns) = (elementType, shape.rows, shape.columns)
    let rowBytes = columns * type.size
    let graded = RowSet(rowCount: rowCount, gradient.ids.lazy.map { Int($0) })
    // Where each row of the gradient is; what stands at other rows is never read.
    let places = [Int32](unsafeUninitializedCapacity: rowCount) { places, initialized in
      for (place, id) in gradient.ids.enumerated() { places[Int(id)] = Int32(place) }
      initialized = rowCount
    }
    // Neighbouring rows go together, and some that rest between them: a call for each would cost more than its numbers.
    let longest = max(1, (1 << 12) / max(1, columns))
    let gap = step.leavesRestAlone ? 128 / max(1, columns) : 0
    withMutablePointers(of: &slots) { values, moments in
      ThreadPool.current.forPieces(of: rowCount, grain: max(1, (1 << 13) / max(1, columns))) { range in
        let scratch = Tensor.zeros([longest, columns], type)
        defer { withExtendedLifetime(scratch) {} }
        let zeros = scratch.freshPointer
        rows.forEachRun(in: range, bridging: gap, longest: longest) { run in
          func forEachGraded(_ body: (_ target: UnsafeMutableRawPointer, _ place: Int) -> Void) {
            var next = graded.next(from: run.lowerBound, before: run.upperBound)
            while let row = next {
              if rows.contains(row) { body(zeros + (row - run.lowerBound) * rowBytes, Int(places[row])) }
              next = graded.next(from: row + 1, before: run.upperBound)
            }
          }
          forEachGraded { $0.copyMemory(from: gradient.values.pointer + $1 * rowBytes, byteCount: rowBytes) }
          step.apply(type, values, zeros, moments, from: run.lowerBound * rowBytes, run.count * columns)
          forEachGraded { target, _ in memset(target, 0, rowBytes) }
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
