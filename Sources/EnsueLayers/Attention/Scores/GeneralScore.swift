// The general bilinear score (Luong, Pham and Manning, Effective approaches to attention-based neural machine
// translation, 2015).

import EnsueTensor

extension AttentionFunctionCard {
  public static let general = AttentionFunctionCard(
    title: "general", equation: "qᵀ W k", summary: "a learned matrix between query and key", paper: "Luong et al. 2015")
}

/// qᵀ W k.
public struct GeneralScore: AttentionScore {
  /// [query width, key width]
  public var weight: Tensor

  public init(querySize: Int, keySize: Int, key: RandomKey) {
    weight = newMatrix(output: querySize, input: keySize, key: key.derived("weight"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("weight", &weight)
  }

  /// W k, [key rows, query width]
  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor {
    matmul(keys, weight, transposingRight: true)
  }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    pairDots(queries, prepared, layout)
  }
}
