// Softmax (Bridle 1990), the distribution of Bahdanau, Cho and Bengio (2015).

import EnsueTensor

extension AttentionFunctionCard {
  public static let softmax = AttentionFunctionCard(
    title: "softmax", equation: "exp(e_j) / Σ_i exp(e_i)", summary: "all weights positive, their sum 1",
    paper: "Bahdanau et al. 2015")
}

/// a_j = exp(e_j) / Σ_i exp(e_i).
public struct SoftmaxDistribution: AttentionDistribution {
  public init() {}

  public func callAsFunction(
    _ scores: Tensor, _ layout: PairLayout, mask: PairMask?, queries: Tensor, keys: Tensor
  ) -> Tensor {
    pairSoftmax(scores, layout, mask: mask)
  }
}
