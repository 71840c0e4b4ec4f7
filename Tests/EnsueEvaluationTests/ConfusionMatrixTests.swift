// Counting, adding, and refusing counts that are no matrix.

import EnsueEvaluation
import Testing

@Suite("confusion matrices")
struct ConfusionMatrixTests {
  @Test("counts go to [truth][prediction]")
  func adding() {
    var matrix = ConfusionMatrix(labels: ["a", "b"])
    matrix.add(truth: 0, prediction: 1)
    matrix.add(truth: 0, prediction: 1)
    matrix.add(truth: 1, prediction: 1)
    #expect(matrix.counts == [[0, 2], [0, 1]])
    #expect(matrix[truth: 0, prediction: 1] == 2)
    #expect(matrix.total == 3 && matrix.correct == 1)
    #expect(matrix.truthCount(of: 0) == 2 && matrix.predictionCount(of: 0) == 0)
  }

  @Test("two halves equal the whole")
  func halves() {
    let pairs = (0..<60).map { ($0 * 7 % 3, $0 * 5 % 4 % 3) }
    var whole = ConfusionMatrix(labels: ["a", "b", "c"])
    var (first, second) = (whole, whole)
    for (index, pair) in pairs.enumerated() {
      whole.add(truth: pair.0, prediction: pair.1)
      if index < 25 {
        first.add(truth: pair.0, prediction: pair.1)
      } else {
        second.add(truth: pair.0, prediction: pair.1)
      }
    }
    first.add(second)
    #expect(first == whole)
  }

  @Test(
    "counts that are no matrix are refused",
    arguments: [
      ([], []), (["a"], []), (["a"], [[1, 2]]), (["a", "b"], [[1, 2], [3]]), (["a", "b"], [[1, 2], [3, -1]]),
      (["a", "b"], [[Int.max, 1], [0, 0]]),
    ] as [([String], [[Int]])])
  func refused(_ labels: [String], _ counts: [[Int]]) {
    #expect(ConfusionMatrix(labels: labels, counts: counts) == nil)
  }

  @Test("given counts are kept")
  func given() {
    let counts = [[1, 2], [3, 4]]
    #expect(ConfusionMatrix(labels: ["a", "b"], counts: counts)?.counts == counts)
  }

  @Test("no examples: every figure is zero")
  func empty() {
    let metrics = ConfusionMatrix(labels: ["a", "b"]).metrics
    #expect(metrics.accuracy == 0 && metrics.macroF1 == 0 && metrics.macroRecall == 0 && metrics.macroPrecision == 0)
    #expect(metrics.classes.allSatisfy { !$0.occurs })
  }
}
