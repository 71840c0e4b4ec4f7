// A stack of encoder blocks: a Transformer's encoder, or, with a causal reach, a decoder-only model.

import EnsueFiles
import EnsueTensor

/// Of softmax attention.
public typealias TransformerEncoder = EncoderStack<MultiHeadAttention>
/// Of attention in linear time (Choromanski et al. 2021).
public typealias PerformerEncoder = EncoderStack<MultiHeadPerformer>

/// Blocks one above another, and a last norm where the configuration asks for it.
public struct EncoderStack<Attention: SelfAttention>: Module {
  public var blocks: [EncoderBlock<Attention>]
  public var finalNorm: Norm?

  /// - Parameter featureCount: the random features of each block, where its attention has them.
  /// - Throws: `Failure` of kind `configuration` where the sizes make no Transformer.
  public init(
    _ configuration: TransformerConfiguration, featureCount: Int = 256, key: RandomKey
  ) throws(Failure) {
    try configuration.check()
    blocks = (0..<configuration.layerCount).map {
      EncoderBlock<Attention>(configuration, featureCount: featureCount, key: key.derived($0))
    }
    finalNorm = TransformerBlockParts(configuration, stack: .encoder).finalNorm
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in blocks.indices { visitor.module("blocks.\(index)", &blocks[index]) }
    if var part = finalNorm {
      visitor.module("finalNorm", &part)
      finalNorm = part
    }
  }

  /// [rows, width] → [rows, width]
  public func callAsFunction(
    _ input: PackedSequence, reach: AttentionReach = .everything, _ phase: Phase = .inference
  ) -> PackedSequence {
    var x = input
    for (index, block) in blocks.enumerated() { x = block(x, reach: reach, phase.derived(index)) }
    return finalNorm.map { x.replacingValues($0(x.values)) } ?? x
  }
}

extension EncoderStack where Attention == MultiHeadAttention {
  /// The same stack with its weights laid out once (`Projection.prepared`).
  public func prepared(_ precision: WeightPrecisionKind = .full) -> TransformerEncoder {
    var copy = self
    copy.blocks = blocks.map { $0.prepared(precision) }
    return copy
  }

  /// The cache before the first step.
  public func makeCache() -> TransformerCache {
    TransformerCache(blocks: blocks.map { $0.attention.makeCache() }, memories: [])
  }

  /// One or more further steps of each sequence of the cache.
  ///
  /// Bit for bit what the whole sequences give at these steps, if `reach` shows no later step.
  /// - Parameter input: [rows, width], the new steps; sequences in the cache's order.
  public func step(_ input: PackedSequence, _ cache: inout TransformerCache, reach: AttentionReach = .causal)
    -> PackedSequence
  {
    var x = input
    for (index, block) in blocks.enumerated() { x = block.step(x, &cache.blocks[index], reach: reach) }
    return finalNorm.map { x.replacingValues($0(x.values)) } ?? x
  }
}
