// The dot product (Luong, Pham and Manning, Effective approaches to attention-based neural machine translation, 2015).

import EnsueTensor

extension AttentionFunctionCard {
  public static let dot = AttentionFunctionCard(
    title: "dot", equation: "qᵀk", summary: "the dot product of query and key", paper: "Luong et al. 2015")
}

/// qᵀk. Queries and keys of equal width.
public struct DotScore: AttentionScore {
  public init() {}

  public mutating func visit(_ visitor: inout ParameterVisitor) {}

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    pairDots(queries, prepared, layout)
  }
}
