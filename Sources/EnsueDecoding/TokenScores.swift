// A model's scores of the next symbol, of every sequence of a batch, checked.

import EnsueFiles
import EnsueTensor

/// Scores and log-probabilities of the next symbol.
public struct TokenScores: Sendable {
  public let batchSize: Int
  public let vocabularySize: Int
  private let scores: [Double]
  private let logarithms: [Double]

  /// - Parameter logits: [batch, vocabulary]. -∞ stands for a symbol that cannot follow.
  /// - Throws: `Failure` of kind `data` where a row has NaN or +∞, or nothing that can follow.
  public init(_ logits: Tensor) throws(Failure) {
    precondition(logits.shape.rank == 2, "scores of symbols: [batch, vocabulary] expected, found \(logits.shape)")
    (batchSize, vocabularySize) = (logits.shape[0], logits.shape[1])
    let doubles = logits.converted(to: .float64)
    scores = doubles.doubles
    for row in 0..<batchSize {
      var best = -Double.infinity
      var isSound = true
      for score in scores[row * vocabularySize..<(row + 1) * vocabularySize] {
        if score > best { best = score }
        if score.isNaN { isSound = false }
      }
      guard isSound && best.isFinite else {
        throw Failure(
          .data, at: "model", "finite scores of the next symbol expected, found \(isSound ? "\(best)" : "nan")",
          advice: "Its weights are damaged, or its training diverged.")
      }
    }
    logarithms = logSoftmax(doubles).doubles
  }

  /// Before the softmax, by symbol.
  public func scores(ofRow row: Int) -> ArraySlice<Double> {
    scores[row * vocabularySize..<(row + 1) * vocabularySize]
  }

  /// log p of every symbol.
  public func logProbabilities(ofRow row: Int) -> ArraySlice<Double> {
    logarithms[row * vocabularySize..<(row + 1) * vocabularySize]
  }

  /// log p of a symbol.
  public func logProbability(of id: Int32, row: Int) -> Double { logarithms[row * vocabularySize + Int(id)] }

  /// The likeliest symbols of a row, best first; of equal ones those with lower ids.
  public func likeliest(_ count: Int, row: Int) -> [ScoredToken] {
    var best = BestList<Int32>(limit: count)
    for (id, logarithm) in logProbabilities(ofRow: row).enumerated() { best.offer(Int32(id), score: logarithm) }
    return best.entries.map { ScoredToken(id: $0.element, logProbability: $0.score) }
  }
}
