// Alignment functions: how well a key fits a query.

import EnsueTensor

/// A score for every pair of a query and a key.
public protocol AttentionScore: Module {
  /// What of the scores depends on the keys alone, in rows like theirs. Where queries come one at a time this is
  /// computed once.
  func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor

  /// The scores, [pairs, 1].
  /// - Parameters:
  ///   - queries: [query rows, query width]
  ///   - prepared: what `prepared` made of the keys.
  func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor

  /// How many steps of a sequence of keys the score can look at; nil for all. Pairs with later keys have no part in an
  /// `Attention`.
  var keyLimit: Int? { get }
}

extension AttentionScore {
  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor { keys }

  public var keyLimit: Int? { nil }

  /// queries [query rows, query width], keys [key rows, key width] → [pairs, 1]
  public func callAsFunction(_ queries: Tensor, _ keys: Tensor, _ layout: PairLayout) -> Tensor {
    scores(queries, prepared: prepared(keys, layout.keys), layout)
  }
}

/// A new [output, input] matrix as a linear layer's begins.
func newMatrix(output: Int, input: Int, key: RandomKey) -> Tensor {
  InitializerKind.uniform.matrix(output: output, input: input, key: key)
}
