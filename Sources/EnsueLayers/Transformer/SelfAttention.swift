// What encoder blocks are generic in: how the rows of a sequence attend to each other.

import EnsueTensor

/// Attention of a sequence's rows to each other, by heads: of all pairs (`MultiHeadAttention`), or in linear time
/// (`MultiHeadPerformer`).
public protocol SelfAttention: Module {
  /// - Parameters:
  ///   - maps: W^Q, W^K, W^V and W^O.
  ///   - featureCount: random features, where the attention has them.
  init(_ maps: MultiHeadAttention, featureCount: Int, key: RandomKey)

  /// [rows, width] → [rows, width]
  func callAsFunction(_ sequence: PackedSequence, reach: AttentionReach, _ phase: Phase) -> PackedSequence
}

extension MultiHeadAttention: SelfAttention {
  /// The maps themselves.
  public init(_ maps: MultiHeadAttention, featureCount: Int, key: RandomKey) { self = maps }
}
