// Products over a common depth whose results are larger than the caches: their own way through packed columns, compared
// with the way of small results, part by part.

import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct LargeProductTests {
  /// Depths below, at and beyond what is packed at a time (384), and twice that; rows that leave parts of a unit (36).
  private static let sizes = [
    (depth: 1100, rows: 530, columns: 501), (384, 700, 400), (768, 420, 350), (33, 521, 517), (7, 600, 450),
  ]

  @Test(arguments: sizes, [ElementType.float32, .float64])
  func everyPartIsThatOfTheSmallWay(_ size: (depth: Int, rows: Int, columns: Int), _ type: ElementType) {
    let key = RandomKey(seed: 5)
    let a = Tensor.normal([size.depth, size.rows], key: key.derived(1), type)
    let b = Tensor.normal([size.depth, size.columns], key: key.derived(2), type)
    let results = [1, 2, 5].map { threads in
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) { matmul(a, b, transposingLeft: true) }
    }
    #expect(results[0].shape == [size.rows, size.columns])
    #expect(results.allSatisfy { $0.isIdentical(to: results[0]) }, "threads change a bit")
    let tolerance = type == .float32 ? 1e-3 : 1e-11
    for start in [0, 137, 143, size.rows - 10] {
      let part = start..<start + 10
      let small = matmul(a.sliced(part, axis: 1), b, transposingLeft: true)
      let large = results[0].sliced(part, axis: 0)
      let difference = zip(small.converted(to: .float64).doubles, large.converted(to: .float64).doubles)
        .reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(difference < tolerance, "rows \(part)")
    }
    let both = matmul(a, b.transposed(), transposingLeft: true, transposingRight: true)
    #expect(both.isIdentical(to: results[0]), "B given as its transpose changes a bit")
  }
}
