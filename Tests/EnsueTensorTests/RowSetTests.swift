// Rows as bits, against a set.

import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct RowSetTests {
  /// Runs by their definition: neighbours go together, and what stands no further apart than the gap.
  private static func runs(_ rows: Set<Int>, in range: Range<Int>, gap: Int, longest: Int) -> [Range<Int>] {
    var found: [Range<Int>] = []
    for row in range where rows.contains(row) {
      if let last = found.last, row - last.upperBound <= gap, row < last.lowerBound + longest {
        found[found.count - 1] = last.lowerBound..<row + 1
      } else {
        found.append(row..<row + 1)
      }
    }
    return found
  }

  @Test(arguments: [1, 63, 64, 65, 200, 1000])
  func runsOfSomeRows(_ count: Int) {
    for (share, seed) in zip([0, 0.02, 0.5, 0.95, 1], 1...) {
      let draws = Tensor.uniform([count], in: 0...1, key: RandomKey(seed: UInt64(seed))).doubles
      let rows = Set((0..<count).filter { draws[$0] < share })
      let set = RowSet(rowCount: count, rows)
      #expect((0..<count).allSatisfy { set.contains($0) == rows.contains($0) })
      if share == 1 { #expect(set == RowSet(allOf: count)) }
      for range in [0..<count, count / 3..<count / 2, count - 1..<count, 0..<0] {
        for (gap, longest) in [(0, 1), (0, 7), (3, 100), (64, 70), (500, 5000)] {
          var found: [Range<Int>] = []
          set.forEachRun(in: range, bridging: gap, longest: longest) { found.append($0) }
          #expect(
            found == Self.runs(rows, in: range, gap: gap, longest: longest),
            "\(count) rows, share \(share), \(range), gap \(gap), longest \(longest)")
        }
        #expect(set.next(from: range.lowerBound, before: range.upperBound) == range.first { rows.contains($0) })
      }
    }
  }
}
