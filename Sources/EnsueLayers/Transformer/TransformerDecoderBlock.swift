// A block of a Transformer's decoder (Vaswani et al. 2017).

import EnsueTensor

/// Masked self-attention; queries from the decoder against keys and values of the encoder; feed-forward. Each residual
/// comes from the sub-layer before.
public struct TransformerDecoderBlock: Module {
  public var selfAttention: MultiHeadAttention
  public var selfAttentionResidual: ResidualConnection
  public var crossAttention: MultiHeadAttention
  public var crossAttentionResidual: ResidualConnection
  public var feedForward: FeedForward
  public var feedForwardResidual: ResidualConnection

  /// - Parameters:
  ///   - configuration: checked (`TransformerConfiguration.check`).
  ///   - memoryWidth: features of the encoder's rows; nil for the decoder's width.
  public init(_ configuration: TransformerConfiguration, memoryWidth: Int? = nil, key: RandomKey) {
    let parts = TransformerBlockParts(configuration, stack: .decoder)
    selfAttention = parts.attention(key: key.derived("selfAttention"))
    crossAttention = parts.crossAttention(memoryWidth: memoryWidth, key: key.derived("crossAttention"))
    feedForward = parts.feedForward(key: key.derived("feedForward"))
    (selfAttentionResidual, crossAttentionResidual) = (parts.residual, parts.residual)
    feedForwardResidual = parts.residual
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("selfAttention", &selfAttention)
    visitor.module("selfAttentionNorm", &selfAttentionResidual)
    visitor.module("crossAttention", &crossAttention)
    visitor.module("crossAttentionNorm", &crossAttentionResidual)
    visitor.module("feedForward", &feedForward)
    visitor.module("feedForwardNorm", &feedForwardResidual)
  }

  /// The same block with its weights laid out once (`Projection.prepared`).
  public func prepared(_ precision: WeightPrecisionKind = .full) -> TransformerDecoderBlock {
    var copy = self
    (copy.selfAttention, copy.crossAttention) = (selfAttention.prepared(precision), crossAttention.prepared(precision))
    copy.feedForward = feedForward.prepared(precision)
    return copy
  }

  /// - Parameters:
  ///   - x: [decoder rows, width]
  ///   - memory: the encoder's result, [encoder rows, memoryWidth]; the same caller's batch.
  ///   - reach: of the self-attention.
  /// - Returns: [decoder rows, width]
  public func callAsFunction(
    _ x: PackedSequence, memory: PackedSequence, reach: AttentionReach = .causal, _ phase: Phase = .inference
  ) -> PackedSequence {
    sublayers(
      x, phase, attended: { selfAttention($0, reach: reach, phase.derived("weights")) },
      crossed: { crossAttention($0, keys: memory, values: memory, phase.derived("crossWeights")) })
  }

  /// Further steps of sequences whose earlier keys and values are in the cache.
  /// - Parameters:
  ///   - memory: the encoder's keys and values (`crossAttention.cached`).
  ///   - asked: becomes what asks the encoder, for `crossAttention.weights`.
  public func step(
    _ x: PackedSequence, _ cache: inout KeyValueCache, memory: KeyValueCache, reach: AttentionReach,
    asked: inout PackedSequence
  ) -> PackedSequence {
    sublayers(
      x, .inference,
      attended: {
        selfAttention.append($0, to: &cache)
        return selfAttention.read($0, cache, reach: reach)
      },
      crossed: {
        asked = $0
        return crossAttention.read($0, memory)
      })
  }

  /// As a call in inference, with the weights with which the block reads the encoder's result, to look at: for each
  /// sequence in the caller's order [heads, decoder steps, encoder steps].
  public func withCrossWeights(
    _ x: PackedSequence, memory: PackedSequence, reach: AttentionReach = .causal
  ) -> (rows: PackedSequence, weights: [Tensor]) {
    var asked = x
    let rows = sublayers(
      x, .inference, attended: { selfAttention($0, reach: reach) },
      crossed: {
        asked = $0
        return crossAttention($0, keys: memory, values: memory)
      })
    return (rows, crossAttention.weights(asked, keys: memory))
  }

  private func sublayers(
    _ x: PackedSequence, _ phase: Phase, attended: (PackedSequence) -> PackedSequence,
    crossed: (PackedSequence) -> PackedSequence
  ) -> PackedSequence {
    let y = selfAttentionResidual(x, phase.derived("selfAttention"), attended)
    let z = crossAttentionResidual(y, phase.derived("crossAttention"), crossed)
    return feedForwardResidual(z, phase.derived("feedForward")) {
      $0.replacingValues(feedForward($0.values, phase.derived("inner")))
    }
  }
}
