// What a search for likely sequences asks of rows of scores. Without gradients.

import EnsueKernels

/// One of the largest sums of some rows.
package struct RankedSum: Sendable, Equatable {
  /// From the first of the rows.
  package let row: Int
  package let column: Int
  package let sum: Double

  package init(row: Int, column: Int, sum: Double) { (self.row, self.column, self.sum) = (row, column, sum) }
}

extension Tensor {
  /// log Σ exp(x) of each row, in double precision; NaN where a number of the row is NaN or +∞, or all are -∞.
  package func logSumExp() -> [Double] {
    let (rows, columns, type) = (shape.rows, shape.columns, elementType)
    precondition(columns > 0, "logSumExp: rows of \(shape) are empty")
    var results = [Double](repeating: 0, count: rows)
    results.withUnsafeMutableBufferPointer { results in
      ThreadPool.current.forPieces(of: rows, grain: max(1, (1 << 14) / columns)) { range in
        guard let results = results.baseAddress else { return }
        ensue_log_sum_exp(
          type.kernel, pointer + range.lowerBound * columns * type.size, results + range.lowerBound, range.count,
          columns)
      }
    }
    return results
  }

  /// The largest base[row] + (x[row, column] - shift[row]) of each group of rows, best first; of equal ones the lower
  /// row, then the lower column. What is -∞ is left out.
  ///
  /// - Parameters:
  ///   - bases: one a row.
  ///   - shifts: one a row.
  ///   - groups: neighbouring rows, and how many sums of theirs at most.
  package func largestSums(
    bases: [Double], shifts: [Double], groups: [(rows: Range<Int>, count: Int)]
  ) -> [[RankedSum]] {
    let (columns, type) = (shape.columns, elementType)
    precondition(bases.count == shape.rows && shifts.count == shape.rows, "largestSums: a base and a shift a row")
    let counts = groups.map { max(0, min($0.count, $0.rows.count * columns)) }
    let offsets = counts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let best = [EnsueRankedSum](unsafeUninitializedCapacity: offsets[groups.count]) { best, initialized in
      best.initialize(repeating: EnsueRankedSum(sum: -.infinity, row: 0, column: 0))
      initialized = best.count
      let work = groups.reduce(0) { $0 + $1.rows.count } * columns
      ThreadPool.current.forPieces(of: groups.count, grain: max(1, groups.count * (1 << 15) / max(1, work))) { pieces in
        for group in pieces {
          guard let best = best.baseAddress, counts[group] > 0 else { continue }
          let rows = groups[group].rows
          bases.withUnsafeBufferPointer { bases in
            shifts.withUnsafeBufferPointer { shifts in
              guard let bases = bases.baseAddress, let shifts = shifts.baseAddress else { return }
              _ = ensue_largest_sums(
                type.kernel, pointer + rows.lowerBound * columns * type.size, bases + rows.lowerBound,
                shifts + rows.lowerBound, rows.count, columns, best + offsets[group], counts[group])
            }
          }
        }
      }
    }
    return groups.indices.map { group in
      // The places that were not needed are as they were.
      best[offsets[group]..<offsets[group + 1]].prefix { $0.sum > -.infinity }
        .map { RankedSum(row: Int($0.row), column: Int($0.column), sum: $0.sum) }
    }
  }

  /// Sets single numbers of a matrix.
  package mutating func set(_ value: Double, at places: [(row: Int, column: Int)]) {
    guard !places.isEmpty else { return }
    let (columns, type) = (shape.columns, elementType)
    withMutablePointer { pointer in
      for (row, column) in places { ensue_fill(type.kernel, value, pointer + (row * columns + column) * type.size, 1) }
    }
  }

  /// One number of a matrix.
  package func number(row: Int, column: Int) -> Double {
    var value = 0.0
    let place = (row * shape.columns + column) * elementType.size
    ensue_convert(elementType.kernel, pointer + place, EnsueElementFloat64, &value, 1)
    return value
  }
}
