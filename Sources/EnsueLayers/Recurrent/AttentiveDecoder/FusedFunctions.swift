// The scores, distributions and neighbourhoods that the fused loop knows. Another becomes one of them by conforming;
// all others are composed step by step.

import EnsueTensor

/// A score that the fused loop has a kernel for.
protocol FusedScore: AttentionScore {
  /// - Parameter keySize: the width of prepared keys.
  func stepScore(keySize: Int) -> StepScore

  /// What the kernel needs of prepared keys.
  func stepKeys(_ prepared: Tensor) -> Tensor
}

extension FusedScore {
  func stepKeys(_ prepared: Tensor) -> Tensor { prepared }
}

extension ActivationKind {
  fileprivate var ofSteps: StepActivation {
    switch self {
    case .identity: .identity
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .relu: .relu
    case .softplus: .softplus
    }
  }
}

extension StepScore {
  /// scale · q·k
  fileprivate static func dot(scale: Double = 1, queryWeight: Tensor? = nil, queryBias: Tensor? = nil) -> StepScore {
    StepScore(.dot(scale: scale, bias: nil, .identity), queryWeight: queryWeight, queryBias: queryBias)
  }
}

extension DotScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore { .dot() }
}

extension ScaledDotScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore { .dot(scale: 1 / Double(keySize).squareRoot()) }
}

extension CosineScore: FusedScore {
  /// Prepared keys have the length 1.
  func stepScore(keySize: Int) -> StepScore { StepScore(.cosine) }
}

extension GeneralScore: FusedScore {
  /// The matrix is in the prepared keys.
  func stepScore(keySize: Int) -> StepScore { .dot() }
}

extension BiasedGeneralScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore { .dot(queryWeight: projection.weight, queryBias: projection.bias) }
}

extension ActivatedGeneralScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore { StepScore(.dot(scale: 1, bias: bias, activation.ofSteps)) }
}

extension AdditiveScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore {
    StepScore(
      .additive(vector: vector, activation.ofSteps), queryWeight: join.queryWeight, queryBias: join.bias)
  }
}

extension DeepScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore {
    let vector = concatenated([output.weight.reshaped([keySize]), output.bias], axis: 0)
    let hidden = layers.map { StepHidden(weight: $0.weight, bias: $0.bias) }
    return StepScore(
      .deep(vector: vector, layers: hidden, activation.ofSteps), queryWeight: join.queryWeight, queryBias: join.bias)
  }
}

extension LocationScore: FusedScore {
  func stepScore(keySize: Int) -> StepScore { StepScore(.location(activation.ofSteps), queryWeight: weight) }
}

extension FeatureBasedScore: FusedScore {
  /// The scores are the prepared keys.
  func stepScore(keySize: Int) -> StepScore { StepScore(.key) }
}

extension GeneralizedKernelScore: FusedScore {
  /// With q' = q / d^¼ the exponents are ω·q' - ‖q'‖²/2.
  func stepScore(keySize: Int) -> StepScore {
    let root = Double(features.projection.shape[1]).squareRoot()
    return StepScore(.kernel(scale: 1 / (2 * root)), queryWeight: features.projection / root.squareRoot())
  }

  func stepKeys(_ prepared: Tensor) -> Tensor {
    let largest = largest(prepared)
    return concatenated([exp(prepared - largest), largest])
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

extension CoDADistribution: FusedDistribution {
  var stepDistribution: StepDistribution { .deattention(scale: distanceScale) }
}

extension DecoderAttention {
  /// The functions, and where they look: at all keys where the neighbourhood is nil.
  /// - Parameter step: of the first query, counted from 0.
  func parts(step: Int) -> (attention: Attention, locality: StepLocality?) {
    switch self {
    case .whole(let attention): (attention, nil)
    case .local(let local):
      (local.attention, StepLocality(local.stepPlace(step), radius: local.radius, deviation: local.deviation))
    }
  }
}

extension LocalAttention {
  fileprivate func stepPlace(_ step: Int) -> StepLocality.Place {
    guard let placeWeight, let placeVector else { return .ofQuery(first: step + 1) }
    return .predicted(weight: placeWeight, vector: placeVector)
  }
}
