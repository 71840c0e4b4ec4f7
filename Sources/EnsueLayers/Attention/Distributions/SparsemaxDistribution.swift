// Sparsemax (Martins and Astudillo, From softmax to sparsemax, 2016).

import EnsueTensor

extension AttentionFunctionCard {
  public static let sparsemax = AttentionFunctionCard(
    title: "sparsemax", equation: "max(0, e_j - τ), τ such that the sum is 1",
    summary: "the nearest point of the simplex: many weights exactly 0", paper: "Martins and Astudillo 2016")
}

/// a = the point of the probability simplex nearest to e: a_j = max(0, e_j - τ).
public struct SparsemaxDistribution: AttentionDistribution {
  public init() {}

  public func callAsFunction(
    _ scores: Tensor, _ layout: PairLayout, mask: PairMask?, queries: Tensor, keys: Tensor
  ) -> Tensor {
    pairSparsemax(scores, layout, mask: mask)
  }
}
