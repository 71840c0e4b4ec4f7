// α-entmax (Peters, Niculae and Martins, Sparse sequence-to-sequence models, 2019).

import EnsueTensor

extension AttentionFunctionCard {
  public static let entmax = AttentionFunctionCard(
    title: "α-entmax", equation: "max(0, (α - 1) e_j - τ)^(1/(α - 1)), τ such that the sum is 1",
    summary: "between softmax (α = 1) and sparsemax (α = 2); α is 1.5 where nothing is said",
    paper: "Peters et al. 2019")
}

/// a_j = max(0, (α - 1) e_j - τ)^{1/(α - 1)}, τ such that the sum is 1.
public struct EntmaxDistribution: AttentionDistribution {
  public let alpha: Double

  /// - Parameter alpha: at least 1; 1 is softmax, 2 is sparsemax.
  public init(alpha: Double = 1.5) {
    precondition(alpha >= 1 && alpha.isFinite, "entmax: alpha is at least 1, not \(alpha)")
    self.alpha = alpha
  }

  public func callAsFunction(
    _ scores: Tensor, _ layout: PairLayout, mask: PairMask?, queries: Tensor, keys: Tensor
  ) -> Tensor {
    pairEntmax(scores, alpha: alpha, layout, mask: mask)
  }
}
