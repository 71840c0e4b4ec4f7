// A block of a Transformer's encoder, and, with a causal reach, of a decoder-only model (Vaswani et al. 2017).

import EnsueTensor

/// Of softmax attention.
public typealias TransformerEncoderBlock = EncoderBlock<MultiHeadAttention>
/// Of attention in linear time (Choromanski et al. 2021).
public typealias PerformerEncoderBlock = EncoderBlock<MultiHeadPerformer>

/// Self-attention, then feed-forward, each within a residual connection.
public struct EncoderBlock<Attention: SelfAttention>: Module {
  public var attention: Attention
  public var attentionResidual: ResidualConnection
  public var feedForward: FeedForward
  public var feedForwardResidual: ResidualConnection
  /// What is kept in training for the backward pass: time or memory.
  public var memory = ActivationMemoryKind.kept

  /// - Parameters:
  ///   - configuration: checked (`TransformerConfiguration.check`).
  ///   - hasOutput: whether the heads have an output projection.
  ///   - featureCount: random features, where the attention has them.
  public init(
    _ configuration: TransformerConfiguration, hasOutput: Bool = true, featureCount: Int = 256, key: RandomKey
  ) {
    let parts = TransformerBlockParts(configuration, stack: .encoder)
    attention = Attention(
      parts.attention(hasOutput: hasOutput, key: key.derived("attention")), featureCount: featureCount,
      key: key.derived("performer"))
    feedForward = parts.feedForward(key: key.derived("feedForward"))
    (attentionResidual, feedForwardResidual) = (parts.residual, parts.residual)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("attention", &attention)
    visitor.module("attentionNorm", &attentionResidual)
    visitor.module("feedForward", &feedForward)
    visitor.module("feedForwardNorm", &feedForwardResidual)
  }

  /// [rows, width] → [rows, width]
  public func callAsFunction(
    _ x: PackedSequence, reach: AttentionReach = .everything, _ phase: Phase = .inference
  ) -> PackedSequence {
    let layout = x.layout
    return x.replacingValues(
      memory.run(self, x.values) { block, values in
        block.sublayers(PackedSequence(layout: layout, values: values), phase) {
          block.attention($0, reach: reach, phase.derived("weights"))
        }.values
      })
  }

  fileprivate func sublayers(
    _ x: PackedSequence, _ phase: Phase, attended: (PackedSequence) -> PackedSequence
  ) -> PackedSequence {
    let y = attentionResidual(x, phase.derived("attention"), attended)
    return feedForwardResidual(y, phase.derived("feedForward")) {
      $0.replacingValues(feedForward($0.values, phase.derived("inner")))
    }
  }
}

extension EncoderBlock where Attention == MultiHeadAttention {
  /// The same block with its weights laid out once (`Projection.prepared`).
  public func prepared(_ precision: WeightPrecisionKind = .full) -> TransformerEncoderBlock {
    var copy = self
    (copy.attention, copy.feedForward) = (attention.prepared(precision), feedForward.prepared(precision))
    return copy
  }

  /// Further steps of sequences whose earlier keys and values are in the cache.
  public func step(_ x: PackedSequence, _ cache: inout KeyValueCache, reach: AttentionReach) -> PackedSequence {
    sublayers(x, .inference) {
      attention.append($0, to: &cache)
      return attention.read($0, cache, reach: reach)
    }
  }
}
