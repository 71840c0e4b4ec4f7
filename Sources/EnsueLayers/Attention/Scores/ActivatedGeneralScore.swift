// The activated general score (Ma, Li, Zhang and Wang, Interactive attention networks for aspect-level sentiment
// classification, 2017).

import EnsueTensor

extension AttentionFunctionCard {
  public static let activatedGeneral = AttentionFunctionCard(
    title: "activated general", equation: "act(qᵀ W k + b)",
    summary: "the general score with a bias, kept in range by an activation", paper: "Ma et al. 2017")
}

/// act(qᵀ W k + b), b one number.
public struct ActivatedGeneralScore: AttentionScore {
  public var general: GeneralScore
  /// [1]
  public var bias: Tensor
  public let activation: ActivationKind

  public init(querySize: Int, keySize: Int, activation: ActivationKind = .tanh, key: RandomKey) {
    general = GeneralScore(querySize: querySize, keySize: keySize, key: key)
    bias = .zeros([1])
    self.activation = activation
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    general.visit(&visitor)
    visitor.parameter("bias", &bias)
  }

  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor { general.prepared(keys, layout) }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    activation(general.scores(queries, prepared: prepared, layout) + bias)
  }
}
