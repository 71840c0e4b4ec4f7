// The best of rows of scores against sorting all of them.

import EnsueTensor
import Testing

@Suite struct RankingTests {
  /// Everything, sorted.
  private static func sorted(_ x: [Double], columns: Int, bases: [Double], shifts: [Double], _ rows: Range<Int>)
    -> [RankedSum]
  {
    var all: [RankedSum] = []
    for row in rows {
      for column in 0..<columns where bases[row] > -.infinity && x[row * columns + column] > -.infinity {
        let sum = bases[row] + (x[row * columns + column] - shifts[row])
        all.append(RankedSum(row: row - rows.lowerBound, column: column, sum: sum))
      }
    }
    return all.sorted { ($0.sum, $1.row, $1.column) > ($1.sum, $0.row, $0.column) }
  }

  @Test(arguments: ElementType.allCases, [1, 3]) func equalsSorting(type: ElementType, threads: Int) {
    for (trial, columns) in [1, 3, 31, 64, 65, 200, 1_000].enumerated() {
      let key = RandomKey(seed: 3).derived(trial)
      let rowCount = 9
      var x = (0..<rowCount * columns).map { Double(key.bits(at: $0) % 41) / 7 - 3 }
      for place in stride(from: 0, to: x.count, by: 6) { x[place] = -.infinity }
      // In 32 bits what the operation sees, in 64 bits the sums: ties and near ties.
      let tensor = Tensor(x, shape: [rowCount, columns]).converted(to: type)
      var bases = (0..<rowCount).map { -Double(key.bits(at: 9_000 + $0) % 5) / 3 }
      bases[4] = -.infinity
      let shifts = (0..<rowCount).map { Double(key.bits(at: 9_900 + $0) % 7) / 9 }
      let groups: [(rows: Range<Int>, count: Int)] = [(0..<3, 5), (3..<3, 4), (3..<4, 0), (4..<5, 2), (5..<9, 10_000)]
      let found = ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        tensor.largestSums(bases: bases, shifts: shifts, groups: groups)
      }
      for (group, found) in zip(groups, found) {
        let all = Self.sorted(tensor.doubles, columns: columns, bases: bases, shifts: shifts, group.rows)
        #expect(found == Array(all.prefix(group.count)), "\(type), \(columns) columns, \(group)")
      }
    }
  }

  @Test(arguments: ElementType.allCases) func logSumsAreThoseOfTheSoftmax(type: ElementType) {
    for columns in [1, 2, 17, 1_024, 3_000] {
      let x = Tensor.normal([4, columns], deviation: 5, key: RandomKey(seed: 2)).converted(to: type)
      let (sums, logarithms, values) = (x.logSumExp(), logSoftmax(x).doubles, x.doubles)
      for row in 0..<4 {
        for column in 0..<min(columns, 5) {
          let found = values[row * columns + column] - sums[row]
          let expected = logarithms[row * columns + column]
          #expect(type == .float64 ? found == expected : abs(found - expected) < 1e-4)
        }
      }
    }
    for row in [[1, .nan], [.nan, -.infinity], [.infinity, 1]] as [[Double]] {
      #expect(Tensor(row, shape: [1, 2]).converted(to: type).logSumExp()[0].isNaN)
    }
    let open = Tensor([-Double.infinity, 2, -.infinity, -.infinity], shape: [2, 2]).converted(to: type).logSumExp()
    #expect(open == [2, -Double.infinity])
    // Blocks of a row whose largest numbers rise, fall, and are none.
    let steps: [Double] = [-.infinity, -3, 80, -.infinity, 2]
    let row = Tensor(steps.flatMap { [Double](repeating: $0, count: 1_024) }, shape: [1, 5_120]).converted(to: type)
    #expect(abs(row.logSumExp()[0] - (80 + 10 * 0.693147180559945)) < 1e-6)
  }

  @Test func singleNumbersAreSetInACopy() {
    let x = Tensor([1.0, 2, 3, 4], shape: [2, 2])
    var y = x
    y.set(-.infinity, at: [(row: 1, column: 0)])
    #expect(x.doubles == [1, 2, 3, 4] && y.doubles == [1, 2, -.infinity, 4])
    #expect(y.number(row: 0, column: 1) == 2)
  }
}
