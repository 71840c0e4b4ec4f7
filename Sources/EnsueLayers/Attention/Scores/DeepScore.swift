// The deep score (Pavlopoulos, Malakasiotis and Androutsopoulos, Deeper attention to abusive user content moderation,
// 2017).

import EnsueTensor

extension AttentionFunctionCard {
  public static let deep = AttentionFunctionCard(
    title: "deep", equation: "vᵀ E_L + c; E_l = act(W_l E_{l-1} + b_l), E_1 = act(W_1 [q; k] + b_1)",
    summary: "the additive score with several hidden layers", paper: "Pavlopoulos et al. 2017")
}

/// vᵀ E_L + c with E_1 = act(W_1 [q; k] + b_1) and E_l = act(W_l E_{l-1} + b_l).
///
/// Every pair has its own hidden layers: memory is the number of pairs times their width.
public struct DeepScore: AttentionScore {
  /// W_1 and b_1.
  public var join: PairJoin
  /// The hidden layers after the first.
  public var layers: [Linear]
  /// v and c.
  public var output: Linear
  public let activation: ActivationKind

  /// - Parameter layerCount: L, the hidden layers; at least 1.
  public init(
    querySize: Int, keySize: Int, hiddenSize: Int, layerCount: Int = 2, activation: ActivationKind = .tanh,
    key: RandomKey
  ) {
    precondition(layerCount > 0, "a deep score has at least one hidden layer, not \(layerCount)")
    join = PairJoin(querySize: querySize, keySize: keySize, outputSize: hiddenSize, key: key.derived("join"))
    layers = (1..<layerCount).map {
      Linear(inputSize: hiddenSize, outputSize: hiddenSize, key: key.derived("layers").derived($0))
    }
    output = Linear(inputSize: hiddenSize, outputSize: 1, key: key.derived("output"))
    self.activation = activation
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("join", &join)
    for index in layers.indices { visitor.module("layers.\(index)", &layers[index]) }
    visitor.module("output", &output)
  }

  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor { join.ofKeys(keys) }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    let first = activation(pairSums(join.ofQueries(queries), prepared, layout))
    return output(layers.reduce(first) { activation($1($0)) })
  }
}
