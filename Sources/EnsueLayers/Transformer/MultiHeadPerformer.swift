// Multi-head attention in linear time (Choromanski et al., Rethinking attention with Performers, 2021).

import EnsueTensor

/// Multi-head attention whose softmax is approximated: head_i = Performer(Q W_i^Q, K W_i^K, V W_i^V), result =
/// [head_1; …; head_h] W^O. Time and memory are linear in the length, and weights of pairs are never made.
///
/// All heads have the same random features.
public struct MultiHeadPerformer: SelfAttention {
  /// The projections; their dropout of weights is not read.
  public var maps: MultiHeadAttention
  public var performer: PerformerAttention

  /// - Parameters:
  ///   - maps: with as many heads of keys as of queries.
  ///   - featureCount: m, the random features.
  public init(_ maps: MultiHeadAttention, featureCount: Int, key: RandomKey) {
    precondition(
      maps.keyHeadCount == maps.headCount,
      "Performer: \(maps.keyHeadCount) heads of keys for \(maps.headCount) heads of queries")
    self.maps = maps
    performer = PerformerAttention(
      size: maps.query.outputSize / maps.headCount, featureCount: featureCount, key: key)
  }

  /// The projections under the attention's own name, as `MultiHeadAttention` has them.
  public mutating func visit(_ visitor: inout ParameterVisitor) {
    maps.visit(&visitor)
    visitor.module("performer", &performer)
  }

  /// Self-attention: [rows, width] → [rows, width]
  /// - Parameter reach: `everything` or `causal`; sums over features know no other.
  public func callAsFunction(
    _ x: PackedSequence, reach: AttentionReach = .everything, _ phase: Phase = .inference
  ) -> PackedSequence {
    precondition(reach == .everything || reach == .causal, "Performer: everything or causal expected, found \(reach)")
    let (queries, keys) = (maps.placedQueries(x), maps.placedKeys(x))
    let values = x.replacingValues(maps.value(x.values))
    let size = queries.featureCount / maps.headCount
    let heads = (0..<maps.headCount).map { head in
      let columns = head * size..<(head + 1) * size
      func part(_ rows: PackedSequence) -> PackedSequence {
        rows.replacingValues(rows.values.sliced(columns, axis: 1))
      }
      return performer(
        queries: part(queries), keys: part(keys), values: part(values), isCausal: reach == .causal
      ).values
    }
    return maps.projected(x.replacingValues(heads.count == 1 ? heads[0] : concatenated(heads)))
  }
}
