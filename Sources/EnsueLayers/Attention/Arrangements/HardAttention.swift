// Attention to one sampled position (Xu et al., Show, attend and tell: neural image caption generation with visual
// attention, 2015), trained by REINFORCE (Williams 1992) with a learned baseline.

import EnsueTensor

/// One key for each query, drawn with the probabilities a = distribution(score(q, k)).
///
/// A draw has no derivative. `HardAttentionOutput.reinforceLoss` has one that is, in expectation, the derivative of the
/// expected reward.
public struct HardAttention: Module {
  public private(set) var attention: Attention
  /// From a query to the reward it may expect: b(q) = w·q + c. It is trained with the rest, and no gradient of its own
  /// loss reaches the queries.
  public var baseline: Linear
  /// α of the distribution, as of α-entmax.
  private let alpha: Double

  /// - Parameter configuration: its distribution must give probabilities (`givesProbabilities`).
  public init(_ configuration: AttentionConfiguration, key: RandomKey) {
    switch configuration.distribution {
    case .softmax: alpha = 1
    case .sparsemax: alpha = 2
    case .entmax: alpha = configuration.alpha
    case .sigmoid, .coda:
      preconditionFailure(
        "hard attention draws from probabilities, which \(configuration.distribution.rawValue) does not give")
    }
    attention = Attention(configuration, key: key.derived("attention"))
    baseline = Linear(inputSize: configuration.querySize, outputSize: 1, key: key.derived("baseline"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("attention", &attention)
    visitor.module("baseline", &baseline)
  }

  /// As `Attention`; in training a position is drawn, in inference the likeliest is taken (the first of equal ones).
  /// What is drawn is a function of the phase's key, the sequence in the caller's order and the query's step.
  public func callAsFunction(
    queries: PackedSequence, keys: PackedSequence, values: PackedSequence, mask: PairMask? = nil, _ phase: Phase
  ) -> HardAttentionOutput {
    let soft = attention(queries: queries, keys: keys, values: values, mask: mask)
    let choice = PairChoice(soft.weights.doubles, soft.layout, phase)
    // A query that may meet nothing chooses nothing: its value is 0, its log-probability log 1.
    let type = values.values.elementType
    let chosen = Tensor(choice.isMade.map { $0 ? 1.0 : 0 }, shape: [choice.isMade.count, 1]).converted(to: type)
    let probabilities = soft.weights.gathered(choice.pairs) * chosen + (1 - chosen)
    return HardAttentionOutput(
      values: queries.replacingValues(values.values.gathered(choice.keyRows) * chosen),
      logProbabilities: log(probabilities), entropies: HardAttention.entropies(soft),
      baselines: baseline(queries.values.detached), steps: choice.steps, soft: soft, choice: choice,
      alpha: alpha)
  }

  /// -Σ_j a_j log a_j of each query, [query rows, 1]; a weight of 0 adds 0.
  private static func entropies(_ soft: AttentionOutput) -> Tensor {
    let (weights, type) = (soft.weights, soft.weights.elementType)
    let zeros = Tensor(weights.doubles.map { $0 == 0 ? 1.0 : 0 }, shape: weights.shape).converted(to: type)
    let ones = Tensor.ones([soft.layout.keys.rowCount, 1], type)
    return -pairWeightedSums(weights * log(weights + zeros), ones, soft.layout)
  }
}
