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

  /// The same stack with its weights laid out once (`Projection.prepared`).
  public func prepared(_ precision: WeightPrecisionKind = .full) -> TransformerDecoder {
    var copy = self
    copy.blocks = blocks.map { $0.prepared(precision) }
    return copy
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
    var queries: [Tensor] = []
    for (index, block) in blocks.enumerated() {
      var asked = x
      x = block.step(x, &cache.blocks[index], memory: cache.memories[index], reach: reach, asked: &asked)
      queries.append(asked.layout.stepCount == 1 ? asked.values : asked.last().gathered(asked.layout.positions))
    }
    cache.asked(queries)
    return finalNorm.map { x.replacingValues($0(x.values)) } ?? x
  }

  /// How the last step of every sequence of the cache read the encoder's result: for each block and each sequence
  /// [heads, encoder steps]; empty before the first step.
  public func crossWeights(in cache: TransformerCache) -> [[Tensor]] {
    zip(zip(blocks, cache.memories), cache.crossQueries).map { part, queries in
      let layout = PackedLayout(lengths: [Int](repeating: 1, count: queries.shape[0]))
      return part.0.crossAttention.weights(PackedSequence(layout: layout, values: queries), part.1)
        .map { $0.reshaped([$0.shape[0], $0.shape[2]]) }
    }
  }

  /// How every step reads the encoder's result, all steps at once: for each block and each sequence in the caller's
  /// order [heads, decoder steps, encoder steps].
  public func crossWeights(
    _ input: PackedSequence, memory: PackedSequence, reach: AttentionReach = .causal
  ) -> [[Tensor]] {
    var x = input
    return blocks.map { block in
      let result = block.withCrossWeights(x, memory: memory, reach: reach)
      x = result.rows
      return result.weights
    }
  }
}
