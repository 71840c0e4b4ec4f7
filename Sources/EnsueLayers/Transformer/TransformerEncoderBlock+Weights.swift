// The attention weights of encoder blocks, to look at.

import EnsueTensor

extension EncoderBlock where Attention == MultiHeadAttention {
  /// The weights with which the block's attention reads `x` in inference: for each sequence in the caller's order
  /// [heads, query steps, key steps].
  public func weights(_ x: PackedSequence, reach: AttentionReach = .everything) -> [Tensor] {
    // The residual connection hands its sub-layer what attention reads: with pre-norm, the normalised rows.
    var read = x
    _ = attentionResidual(x, .inference) {
      read = $0
      return $0
    }
    return attention.weights(read, keys: read, reach: reach)
  }
}

extension Sequence<TransformerEncoderBlock> {
  /// The weights of blocks one above another: for each block, as `TransformerEncoderBlock.weights` gives them.
  public func weights(_ input: PackedSequence, reach: AttentionReach = .everything) -> [[Tensor]] {
    var x = input
    return map { block in
      let weights = block.weights(x, reach: reach)
      x = block(x, reach: reach)
      return weights
    }
  }
}
