// Which functions attention over recurrent states uses.

/// The functions of attention over the states of an encoder.
public struct StateAttentionConfiguration: Sendable, Equatable {
  /// nil for v · tanh(W h + b) with a context vector v (Yang et al. 2016); else the score of a learned query.
  public var score: AttentionScoreKind?
  public var distribution: AttentionDistributionKind
  /// α of entmax.
  public var alpha: Double

  public init(
    score: AttentionScoreKind? = nil, distribution: AttentionDistributionKind = .softmax, alpha: Double = 1.5
  ) {
    (self.score, self.distribution, self.alpha) = (score, distribution, alpha)
  }

  /// The attention over states of this width: queries are as wide, so that every score is possible. Without a score it
  /// is the additive one.
  public func attention(featureCount: Int) -> AttentionConfiguration {
    AttentionConfiguration(
      score: score ?? .additive, distribution: distribution, querySize: featureCount, alpha: alpha)
  }
}
