// Attention in linear time by random features (Choromanski et al., Rethinking attention with Performers, 2021).

import EnsueTensor

/// Σ_j φ(q)·φ(k_j) v_j / Σ_j φ(q)·φ(k_j), φ positive orthogonal random features: softmax attention with the score
/// qᵀk / √d, approximately, in time and memory linear in the lengths.
public struct PerformerAttention: Module {
  public var features: OrthogonalRandomFeatures

  /// - Parameters:
  ///   - size: the width of queries and keys.
  ///   - featureCount: m; the error falls with 1/√m and grows fast with the length of queries and keys, the time grows
  ///     with m.
  public init(size: Int, featureCount: Int = 256, key: RandomKey) {
    features = OrthogonalRandomFeatures(size: size, featureCount: featureCount, key: key.derived("features"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("features", &features)
  }

  /// - Parameters:
  ///   - queries, keys: of the same sequences and of equal width.
  ///   - values: with the layout of the keys, of any width.
  ///   - isCausal: whether a query sees only keys up to its own step.
  /// - Returns: the layout of the queries, the width of the values.
  public func callAsFunction(
    queries: PackedSequence, keys: PackedSequence, values: PackedSequence, isCausal: Bool = false
  ) -> PackedSequence {
    precondition(
      values.layout == keys.layout,
      "Performer: values of \(values.layout.rowCount) rows do not have the layout of the \(keys.layout.rowCount) keys")
    let result = linearAttention(
      queryFeatures: queryFeatures(queries.values), keyFeatures: keyFeatures(keys), values: values.values,
      PairLayout(queries: queries.layout, keys: keys.layout), isCausal: isCausal)
    return queries.replacingValues(result)
  }

  /// A factor common to a query's features cancels: the largest becomes 1.
  private func queryFeatures(_ queries: Tensor) -> Tensor {
    let exponents = features.exponents(queries)
    return exp(exponents - exponents.detached.maximum(axis: -1).reshaped([queries.shape[0], 1]))
  }

  /// A factor common to all keys of a sequence cancels: the largest feature becomes 1. The small number keeps the sum
  /// under the fraction from running out of the numbers' range, and is lost in any other.
  private func keyFeatures(_ keys: PackedSequence) -> Tensor {
    let exponents = features.exponents(keys.values)
    let largest = keys.replacingValues(exponents.detached).maximum().maximum(axis: -1)
    let repeated = PackedSequence.repeating(largest.reshaped([keys.layout.batchSize, 1]), layout: keys.layout)
    return exp(exponents - repeated.values) + 1e-30
  }
}
