// A weight for each feature (Shen et al., DiSAN: directional self-attention network, 2018).

import EnsueTensor

/// Multi-dimensional attention: the score of a pair is a vector, each feature of the values has weights of its own.
///
/// e_j = V act(W [q; k_j] + b) + c; each feature f of e over the keys becomes weights a_jf; output_f = Σ_j a_jf v_jf.
/// Every pair has its own hidden layer: memory is the number of pairs times the widths.
public struct MultiDimensionalAttention: Module {
  /// W and b.
  public var join: PairJoin
  /// V and c.
  public var output: Linear
  public let activation: ActivationKind
  public let distribution: any AttentionDistribution

  /// - Parameters:
  ///   - configuration: its sizes, activation and distribution; the score is the additive one with a vector for v.
  ///   - valueSize: the features of values, each of which has weights of its own.
  public init(_ configuration: AttentionConfiguration, valueSize: Int, key: RandomKey) {
    var configuration = configuration
    configuration.score = .additive
    let c = configuration.checked()
    join = PairJoin(
      querySize: c.querySize, keySize: c.keySize, outputSize: c.hiddenSize, key: key.derived("join"))
    output = Linear(inputSize: c.hiddenSize, outputSize: valueSize, key: key.derived("output"))
    activation = c.activation
    distribution = c.distribution.makeDistribution(c)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("join", &join)
    visitor.module("output", &output)
  }

  /// As `Attention`; the weights are [pairs, value width].
  public func callAsFunction(
    queries: PackedSequence, keys: PackedSequence, values: PackedSequence, mask: PairMask? = nil
  ) -> MultiDimensionalOutput {
    precondition(
      values.layout == keys.layout && values.featureCount == output.weight.shape[0],
      "multi-dimensional attention: values \(values.values.shape) do not fit keys \(keys.values.shape) and "
        + "\(output.weight.shape[0]) weights a pair")
    let layout = PairLayout(queries: queries.layout, keys: keys.layout)
    let hidden = activation(pairSums(join.ofQueries(queries.values), join.ofKeys(keys.values), layout))
    let weights = distribution(output(hidden), layout, mask: mask, queries: queries.values, keys: keys.values)
    return MultiDimensionalOutput(
      values: queries.replacingValues(pairWeightedSums(weights, values.values, layout)), weights: weights,
      layout: layout)
  }
}

/// What multi-dimensional attention gives.
public struct MultiDimensionalOutput: Sendable {
  /// With the layout of the queries.
  public let values: PackedSequence
  /// [pairs, value width]
  public let weights: Tensor
  public let layout: PairLayout
}
