// An alignment function whose kind is known when the program runs.

import EnsueTensor

/// Any alignment function as one type. Its parameters have the names they have without it.
public struct AnyAttentionScore: AttentionScore {
  public var base: any AttentionScore

  public init(_ base: any AttentionScore) { self.base = base }

  /// The function that the configuration names.
  public init(_ configuration: AttentionConfiguration, key: RandomKey) {
    self.init(configuration.score.makeScore(configuration, key: key))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) { base.visit(&visitor) }

  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor { base.prepared(keys, layout) }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    base.scores(queries, prepared: prepared, layout)
  }

  public var keyLimit: Int? { base.keyLimit }
}
