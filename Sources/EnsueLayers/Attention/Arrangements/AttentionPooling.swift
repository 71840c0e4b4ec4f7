// From the states of a sequence to one vector by attention with learned queries (Lin et al., A structured self-attentive
// sentence embedding, 2017; one query with the additive score: Yang et al. 2016).

import EnsueTensor

/// Attention over each sequence whose queries are parameters: r_i = Σ_j a_ij h_j for the learned query i; the pooled
/// vector is [r_1; …; r_n].
public struct AttentionPooling: Module {
  /// [query count, query width]
  public var queries: Tensor
  public var attention: Attention

  /// - Parameters:
  ///   - configuration: `keySize` is the width of the states.
  ///   - queryCount: n.
  public init(_ configuration: AttentionConfiguration, queryCount: Int = 1, key: RandomKey) {
    precondition(queryCount > 0, "attention pooling has at least one query, not \(queryCount)")
    queries = newMatrix(output: queryCount, input: configuration.querySize, key: key.derived("queries"))
    attention = Attention(configuration, key: key.derived("attention"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("queries", &queries)
    visitor.module("attention", &attention)
  }

  /// The width of the pooled vector.
  public func outputSize(featureCount: Int) -> Int { queries.shape[0] * featureCount }

  /// - Parameter mask: which pairs of query and state may meet, over the layout of `pairs(with:)`; nil for all.
  public func callAsFunction(_ states: PackedSequence, mask: PairMask? = nil) -> PooledAttention {
    let (count, batch) = (queries.shape[0], states.layout.batchSize)
    let ids = (0..<count).flatMap { [Int32](repeating: Int32($0), count: batch) }
    let asked = PackedSequence(layout: queryLayout(states.layout), values: queries.gathered(ids))
    let output = attention(queries: asked, keys: states, values: states, mask: mask)
    // The queries' rows are in the caller's order, step by step: all sequences have the same number of queries.
    let ofQueries = (0..<count).map { output.values.sliced($0 * batch..<($0 + 1) * batch, axis: 0) }
    let joined = count == 1 ? ofQueries[0] : concatenated(ofQueries)
    return PooledAttention(vectors: joined.gathered(states.layout.order.map(Int32.init)), attention: output)
  }

  /// Which pairs of query and state there are: for masks.
  public func pairs(with states: PackedLayout) -> PairLayout {
    PairLayout(queries: queryLayout(states), keys: states)
  }

  private func queryLayout(_ states: PackedLayout) -> PackedLayout {
    PackedLayout(lengths: .init(repeating: queries.shape[0], count: states.batchSize))
  }
}

/// One vector a sequence, and the attention that made it.
public struct PooledAttention: Sendable {
  /// [batch, output width], longest sequence first, as `PackedSequence.mean()` and its like have them.
  public let vectors: Tensor
  /// A query step is a learned query.
  public let attention: AttentionOutput
}
