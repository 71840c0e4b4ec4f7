// Any alignment function with any distribution function and any mask (the general model of Brauwers and Frasincar,
// A general survey on attention mechanisms in deep learning, 2021). What is attended to where is the caller's choice:
// keys of another sequence (distinctive attention), or of the same (self-attention).

import EnsueTensor

/// A mean of values for each query: a = distribution(score(q, k)), output = Σ_j a_j v_j.
public struct Attention: Module {
  public var score: AnyAttentionScore
  public let distribution: any AttentionDistribution

  /// - Parameter configuration: sound; what came from a file or an option is first checked by `validate()`.
  public init(_ configuration: AttentionConfiguration, key: RandomKey) {
    let configuration = configuration.checked()
    score = AnyAttentionScore(configuration, key: key.derived("score"))
    distribution = configuration.distribution.makeDistribution(configuration)
  }

  /// An attention of functions of one's own.
  public init(score: any AttentionScore, distribution: any AttentionDistribution) {
    (self.score, self.distribution) = (AnyAttentionScore(score), distribution)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("score", &score)
  }

  /// - Parameters:
  ///   - queries, keys: of the same sequences; lengths may differ.
  ///   - values: with the layout of the keys, of any width.
  ///   - mask: which pairs may meet; nil for all. A query that may meet nothing gets zeros.
  public func callAsFunction(
    queries: PackedSequence, keys: PackedSequence, values: PackedSequence, mask: PairMask? = nil
  ) -> AttentionOutput {
    self(queries: queries, keys: prepared(keys), values: values, mask: mask)
  }

  /// What depends on the keys alone, for queries that come one at a time, as a decoder's do.
  public func prepared(_ keys: PackedSequence) -> PreparedKeys {
    PreparedKeys(keys: keys, prepared: score.prepared(keys.values, keys.layout))
  }

  /// As with plain keys, which were prepared by this attention.
  public func callAsFunction(
    queries: PackedSequence, keys: PreparedKeys, values: PackedSequence, mask: PairMask? = nil
  ) -> AttentionOutput {
    precondition(
      values.layout == keys.keys.layout,
      "attention: values of \(values.layout.rowCount) rows do not have the layout of the keys")
    let layout = PairLayout(queries: queries.layout, keys: values.layout)
    let weights = weights(queries.values, keys, layout, mask: mask)
    return AttentionOutput(
      values: pairWeightedSums(weights, values.values, layout), weights: weights, layout: layout)
  }

  /// The weights of all pairs, [pairs, 1].
  func weights(_ queries: Tensor, _ keys: PreparedKeys, _ layout: PairLayout, mask: PairMask?) -> Tensor {
    let scores = score.scores(queries, prepared: keys.prepared, layout)
    return distribution(scores, layout, mask: reachable(layout, mask), queries: queries, keys: keys.keys.values)
  }

  /// The mask without the keys that the score does not look at.
  private func reachable(_ layout: PairLayout, _ mask: PairMask?) -> PairMask? {
    guard let limit = score.keyLimit, layout.keys.stepCount > limit else { return mask }
    let near = PairMask(layout) { _, _, keyStep in keyStep < limit }
    return mask.map { near.intersection($0) } ?? near
  }
}
