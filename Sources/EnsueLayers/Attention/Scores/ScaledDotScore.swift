// The scaled dot product (Vaswani et al., Attention is all you need, 2017).

import EnsueTensor

extension AttentionFunctionCard {
  public static let scaledDot = AttentionFunctionCard(
    title: "scaled dot", equation: "qᵀk / √d_k",
    summary: "the dot product with the variance of one of its terms, whatever the width", paper: "Vaswani et al. 2017")
}

/// qᵀk / √d_k, d_k the width of a key. Queries and keys of equal width.
public struct ScaledDotScore: AttentionScore {
  public init() {}

  public mutating func visit(_ visitor: inout ParameterVisitor) {}

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    // The queries are scaled, not the pairs: there are fewer of them.
    pairDots(queries / Double(prepared.shape[1]).squareRoot(), prepared, layout)
  }
}
