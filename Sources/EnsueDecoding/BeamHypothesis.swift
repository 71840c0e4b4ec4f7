// What a beam search gives.

/// A continuation that a beam search found.
public struct BeamHypothesis: Sendable, Equatable {
  /// After the prompt; the symbol that ends it is the last.
  public let ids: [Int32]
  /// log p(ids | prompt)
  public let logProbability: Double
  /// Of each symbol, given the prompt and those before it: their sum is that of all, but for rounding.
  public let logProbabilities: [Double]
  /// What hypotheses are compared by: the log-probability over the length penalty.
  public let score: Double
  /// Whether it ends by itself, not at the limit.
  public let isComplete: Bool
}
