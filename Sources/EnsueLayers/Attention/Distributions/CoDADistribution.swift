// Compositional de-attention (Tay, Luu, Zhang, Wang and Hui, Compositional de-attention networks, 2019).

import EnsueTensor

extension AttentionFunctionCard {
  public static let coda = AttentionFunctionCard(
    title: "CoDA", equation: "tanh(e_j) σ(-‖q - k_j‖₁)",
    summary: "a key may be added, left out or taken away: weights in -½ ... ½", paper: "Tay et al. 2019")
}

/// a = tanh(E) ⊙ σ(N), N_j = -β ‖q - k_j‖₁. Queries and keys of equal width.
///
/// N is never positive, so that σ(N) is at most ½ and reaches it where query and key are the same.
public struct CoDADistribution: AttentionDistribution {
  /// β. The distance grows with the width: wide keys want a small one.
  public let distanceScale: Double

  public init(distanceScale: Double = 1) {
    self.distanceScale = distanceScale
  }

  public func callAsFunction(
    _ scores: Tensor, _ layout: PairLayout, mask: PairMask?, queries: Tensor, keys: Tensor
  ) -> Tensor {
    let nearness = sigmoid(pairDistances(queries, keys, layout) * -distanceScale)
    return pairMasked(tanh(scores) * nearness, layout, mask: mask)
  }
}
