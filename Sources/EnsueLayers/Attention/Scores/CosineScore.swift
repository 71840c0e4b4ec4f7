// Cosine similarity (Graves, Wayne and Danihelka, Neural Turing machines, 2014).

import EnsueTensor

extension AttentionFunctionCard {
  public static let cosine = AttentionFunctionCard(
    title: "cosine", equation: "q·k / (‖q‖ ‖k‖)", summary: "the cosine of the angle between query and key",
    paper: "Graves et al. 2014")
}

/// q·k / (‖q‖ ‖k‖), in -1 ... 1; 0 where either is zero. Queries and keys of equal width.
public struct CosineScore: AttentionScore {
  public init() {}

  public mutating func visit(_ visitor: inout ParameterVisitor) {}

  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor { CosineScore.unit(keys) }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    pairDots(CosineScore.unit(queries), prepared, layout)
  }

  /// Rows of length 1. The small number keeps a zero row at zero and is lost beside any other.
  private static func unit(_ x: Tensor) -> Tensor {
    x / sqrt(square(x).sum(axis: -1) + 1e-16).reshaped([x.shape[0], 1])
  }
}
