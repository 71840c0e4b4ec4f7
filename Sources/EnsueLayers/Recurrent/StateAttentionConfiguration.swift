// Which functions attention over recurrent states uses, and how it reads them.

import EnsueTensor

/// The functions of attention over the states of an encoder.
public struct StateAttentionConfiguration: Sendable, Equatable {
  /// nil for v · tanh(W h + b) with a context vector v (Yang et al. 2016); else the score of a learned query.
  public var score: AttentionScoreKind?
  public var distribution: AttentionDistributionKind
  /// α of entmax.
  public var alpha: Double
  /// A reading takes what it has: `StateReadingKind.hasScore`, `takes`.
  public var reading: StateReadingKind
  /// How many states the score `location` knows; it does not look at later ones.
  public var positionCount: Int

  public init(
    score: AttentionScoreKind? = nil, distribution: AttentionDistributionKind = .softmax, alpha: Double = 1.5,
    reading: StateReadingKind = .soft, positionCount: Int = 512
  ) {
    (self.score, self.distribution, self.alpha, self.reading) = (score, distribution, alpha, reading)
    self.positionCount = positionCount
  }

  /// The attention over states of this width: queries are as wide, so that every score is possible. Without a score it
  /// is the additive one.
  public func attention(featureCount: Int) -> AttentionConfiguration {
    AttentionConfiguration(
      score: score ?? .additive, distribution: distribution, querySize: featureCount, positionCount: positionCount,
      alpha: alpha)
  }

  /// New attention over states of this width.
  func makeReading(featureCount: Int, key: RandomKey) -> any StateReading {
    let attention = attention(featureCount: featureCount)
    switch reading {
    case .soft:
      guard score != nil else { return ContextPooling(self, featureCount: featureCount, key: key) }
      return AttentionPooling(attention, key: key)
    case .hard: return HardPooling(attention, key: key)
    case .multiDimensional: return MultiDimensionalPooling(attention, key: key)
    }
  }
}
