// A stack of decoder blocks over an encoder's result.

import EnsueFiles
import EnsueTensor

/// Decoder blocks one above another, and a last norm where the configuration asks for it.
public struct TransformerDecoder: Module {
  public var blocks: [TransformerDecoderBlock]
  public var finalNorm: Norm?

  /// - Parameter memoryWidth: features of the encoder's rows; nil for the decoder's width.
  /// - Throws: `Failure` of kind `configuration` where the sizes make no Transformer.
  public init(_ configuration: TransformerConfiguration, memoryWidth: Int? = nil, key: RandomKey) throws(Failure) {
    try configuration.check()
    blocks = (0..<configuration.layerCount).map {
      TransformerDecoderBlock(configuration, memoryWidth: memoryWidth, key: key.derived($0))
    }
    finalNorm = TransformerBlockParts(configuration, stack: .decoder).finalNorm
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in blocks.indices { visitor.module("blocks.\(index)", &blocks[index]) }
    if var part = finalNorm {
      visitor.module("finalNorm", &part)
      finalNorm = part
    }
  }

  /// - Parameters:
  ///   - input: [decoder rows, width]
  ///   - memory: the encoder's result, [encoder rows, memoryWidth]; the same caller's batch.
  /// - Returns: [decoder rows, width]
  public func callAsFunction(
    _ input: PackedSequence, memory: PackedSequence, reach: AttentionReach = .causal, _ phase: Phase = .inference
  ) -> PackedSequence {
    var x = input
    for (index, block) in blocks.enumerated() { x = block(x, memory: memory, reach: reach, phase.derived(index)) }
    return finalNorm.map { x.replacingValues($0(x.values)) } ?? x
  }

  /// The cache before the first step, with the encoder's keys and values of every block.
  public func makeCache(memory: PackedSequence) -> TransformerCache {
    TransformerCache(
      blocks: blocks.map { $0.selfAttention.makeCache() },
      memories: blocks.map { $0.crossAttention.cached(memory) })
  }

  /// One or more further steps of each sequence of the cache.
  ///
  /// Bit for bit what the whole sequences give at these steps, if `reach` shows no later step.
  /// - Parameter input: [rows, width], the new steps; sequences in the cache's order.
  public func step(_ input: PackedSequence, _ cache: inout TransformerCache, reach: AttentionReach = .causal)
    -> PackedSequence
  {
    var x = input
    for (index, block) in blocks.enumerated() {
      x = block.step(x, &cache.blocks[index], memory: cache.memories[index], reach: reach)
    }
    return finalNorm.map { x.replacingValues($0(x.values)) } ?? x
  }
}
