// The biased general score (Sordoni, Bachman, Trischler and Bengio, Iterative alternating neural attention for machine
// reading, 2016).

import EnsueTensor

extension AttentionFunctionCard {
  public static let biasedGeneral = AttentionFunctionCard(
    title: "biased general", equation: "kᵀ (W q + b)",
    summary: "the general score with a bias: some keys weigh more whatever the query", paper: "Sordoni et al. 2016")
}

/// kᵀ (W q + b).
public struct BiasedGeneralScore: AttentionScore {
  /// From queries to the width of keys.
  public var projection: Linear

  public init(querySize: Int, keySize: Int, key: RandomKey) {
    projection = Linear(inputSize: querySize, outputSize: keySize, key: key.derived("projection"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("projection", &projection)
  }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    pairDots(projection(queries), prepared, layout)
  }
}
