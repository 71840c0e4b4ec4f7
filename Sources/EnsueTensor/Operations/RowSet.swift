// Some rows of a table, a bit each.

/// A set of rows.
package struct RowSet: Sendable, Equatable {
  package let rowCount: Int
  private var words: [UInt64]

  /// None of the rows.
  package init(rowCount: Int) {
    self.rowCount = rowCount
    words = [UInt64](repeating: 0, count: (rowCount + 63) / 64)
  }

  package init(rowCount: Int, _ rows: some Sequence<Int>) {
    self.init(rowCount: rowCount)
    for row in rows { insert(row) }
  }

  /// All rows.
  package init(allOf rowCount: Int) {
    self.rowCount = rowCount
    words = [UInt64](repeating: .max, count: (rowCount + 63) / 64)
    if rowCount % 64 > 0 { words[rowCount / 64] = 1 << UInt64(rowCount % 64) - 1 }
  }

  package mutating func insert(_ row: Int) {
    precondition((0..<rowCount).contains(row), "RowSet: row \(row) of \(rowCount)")
    words[row / 64] |= 1 << UInt64(row % 64)
  }

  package func contains(_ row: Int) -> Bool { words[row / 64] >> UInt64(row % 64) & 1 == 1 }

  /// The first row of the set from `row` on; nil where none is before `end`.
  package func next(from row: Int, before end: Int) -> Int? { firstRow(from: row, before: end, inverted: 0) }

  /// Calls `body` with runs of neighbouring rows, in rising order.
  /// - Parameters:
  ///   - range: where the runs are.
  ///   - gap: rows that are not of the set and may be between two of a run, so that few runs are long.
  ///   - longest: rows of a run at most.
  package func forEachRun(in range: Range<Int>, bridging gap: Int, longest: Int, _ body: (Range<Int>) -> Void) {
    var next = next(from: range.lowerBound, before: range.upperBound)
    while let start = next {
      let limit = min(range.upperBound, start + max(1, longest))
      var end = start
      repeat {
        // The first row that is not of the set.
        end = firstRow(from: end, before: limit, inverted: .max) ?? limit
        next = self.next(from: end, before: range.upperBound)
        guard let row = next, row - end <= gap, row < limit else { break }
        end = row
      } while true
      body(start..<end)
    }
  }

  private func firstRow(from row: Int, before end: Int, inverted: UInt64) -> Int? {
    guard row < end else { return nil }
    var place = row / 64
    var word = (words[place] ^ inverted) & (.max << UInt64(row % 64))
    while word == 0 {
      place += 1
      if place * 64 >= end { return nil }
      word = words[place] ^ inverted
    }
    let found = place * 64 + word.trailingZeroBitCount
    return found < end ? found : nil
  }
}
