// A model's scores of the next symbol, of every sequence of a batch, checked.

import EnsueFiles
import EnsueTensor

/// Scores and log-probabilities of the next symbol.
public struct TokenScores: Sendable {
  public let batchSize: Int
  public let vocabularySize: Int
  private var logits: Tensor
  /// log Σ exp of each row.
  private let logSums: [Double]

  /// - Parameter logits: [batch, vocabulary]. -∞ stands for a symbol that cannot follow.
  /// - Throws: `Failure` of kind `data` where a row has NaN or +∞, or nothing that can follow.
  public init(_ logits: Tensor) throws(Failure) {
    precondition(logits.shape.rank == 2, "scores of symbols: [batch, vocabulary] expected, found \(logits.shape)")
    (batchSize, vocabularySize) = (logits.shape[0], logits.shape[1])
    self.logits = logits.detached
    logSums = logits.logSumExp()
    if let row = logSums.firstIndex(where: { !$0.isFinite }) {
      let found = scores(ofRow: row).reduce(-Double.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
      throw Failure(
        .data, at: "model", "finite scores of the next symbol expected, found \(found)",
        advice: "Its weights are damaged, or its training diverged.")
    }
  }

  /// Before the softmax, by symbol.
  public func scores(ofRow row: Int) -> [Double] { logits.sliced(row..<row + 1, axis: 0).doubles }

  /// log p of a symbol; -∞ for one that was excluded.
  public func logProbability(of id: Int32, row: Int) -> Double {
    logits.number(row: row, column: Int(id)) - logSums[row]
  }

  /// The likeliest symbols of a row, best first; of equal ones those with lower ids.
  public func likeliest(_ count: Int, row: Int) -> [ScoredToken] {
    let best = ranked([(rows: row..<row + 1, count: count)], after: [Double](repeating: 0, count: batchSize))[0]
    return best.map { ScoredToken(id: Int32($0.column), logProbability: $0.sum) }
  }

  /// Takes symbols out of what can follow. The probabilities of the others stay as they are.
  mutating func exclude(_ places: [(row: Int, column: Int)]) { logits.set(-.infinity, at: places) }

  /// The likeliest continuations by one symbol of each group of rows: rows counted from the first of the group.
  /// - Parameter logProbabilities: of each row, before the symbol.
  func ranked(_ groups: [(rows: Range<Int>, count: Int)], after logProbabilities: [Double]) -> [[RankedSum]] {
    logits.largestSums(bases: logProbabilities, shifts: logSums, groups: groups)
  }
}
