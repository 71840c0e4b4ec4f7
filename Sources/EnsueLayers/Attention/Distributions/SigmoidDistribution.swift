// The sigmoid (Kim, Denton, Hoang and Rush, Structured attention networks, 2017): each key for itself.

import EnsueTensor

extension AttentionFunctionCard {
  public static let sigmoid = AttentionFunctionCard(
    title: "sigmoid", equation: "1 / (1 + exp(-e_j))", summary: "each weight in 0 ... 1 for itself, any sum",
    paper: "Kim et al. 2017")
}

/// a_j = σ(e_j).
public struct SigmoidDistribution: AttentionDistribution {
  public init() {}

  public func callAsFunction(
    _ scores: Tensor, _ layout: PairLayout, mask: PairMask?, queries: Tensor, keys: Tensor
  ) -> Tensor {
    pairMasked(sigmoid(scores), layout, mask: mask)
  }
}
