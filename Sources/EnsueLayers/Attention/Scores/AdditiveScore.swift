// The additive or concat score (Bahdanau, Cho and Bengio, Neural machine translation by jointly learning to align and
// translate, 2015).

import EnsueTensor

extension AttentionFunctionCard {
  public static let additive = AttentionFunctionCard(
    title: "additive", equation: "vᵀ act(W [q; k] + b)", summary: "a hidden layer over query and key",
    paper: "Bahdanau et al. 2015")
}

/// vᵀ act(W [q; k] + b).
public struct AdditiveScore: AttentionScore {
  /// W and b.
  public var join: PairJoin
  /// v, [1, hidden]
  public var vector: Tensor
  public let activation: ActivationKind

  public init(querySize: Int, keySize: Int, hiddenSize: Int, activation: ActivationKind = .tanh, key: RandomKey) {
    join = PairJoin(querySize: querySize, keySize: keySize, outputSize: hiddenSize, key: key)
    vector = newMatrix(output: 1, input: hiddenSize, key: key.derived("vector"))
    self.activation = activation
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    join.visit(&visitor)
    visitor.parameter("vector", &vector)
  }

  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor { join.ofKeys(keys) }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    let ofQueries = join.ofQueries(queries)
    switch activation {
    case .tanh:  // The usual one does not store the hidden layer of every pair.
      return additiveScores(ofQueries, prepared, weight: vector, layout)
    case .identity, .sigmoid, .relu, .softplus:
      return matmul(activation(pairSums(ofQueries, prepared, layout)), vector, transposingRight: true)
    }
  }
}
