// The scores and distributions that the fused loop knows. Another becomes one of them by conforming; all others are
// composed step by step.

import EnsueTensor

/// A score that the fused loop has a kernel for.
protocol FusedScore: AttentionScore {
  /// nil where it has none for the score's activation.
  /// - Parameter keySize: the width of prepared keys.
  func stepScore(keySize: Int) -> StepScore?
}

extension DotScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore? { StepScore(.dot(scale: 1)) }
}

extension ScaledDotScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore? { StepScore(.dot(scale: 1 / Double(keySize).squareRoot())) }
}

extension GeneralScore: FusedScore {
  /// The matrix is in the prepared keys.
  func stepScore(keySize: Int) -> StepScore? { StepScore(.dot(scale: 1)) }
}

extension BiasedGeneralScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore? {
    StepScore(.dot(scale: 1), queryWeight: projection.weight, queryBias: projection.bias)
  }
}

extension AdditiveScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore? {
    switch activation {
    case .tanh:
      StepScore(.additive(vector: vector), queryWeight: join.queryWeight, queryBias: join.bias)
    case .identity, .sigmoid, .relu, .softplus: nil
    }
  }
}

/// A distribution that the fused loop has a kernel for.
protocol FusedDistribution: AttentionDistribution {
  var stepDistribution: StepDistribution { get }
}

extension SoftmaxDistribution: FusedDistribution {
  var stepDistribution: StepDistribution { .entmax(alpha: 1) }
}

extension SparsemaxDistribution: FusedDistribution {
  var stepDistribution: StepDistribution { .entmax(alpha: 2) }
}

extension EntmaxDistribution: FusedDistribution {
  var stepDistribution: StepDistribution { .entmax(alpha: alpha) }
}

extension SigmoidDistribution: FusedDistribution {
  var stepDistribution: StepDistribution { .sigmoid }
}
