// A Transformer that translates step by step: its memory is the encoder's keys and values of every block, and those of
// all it has written.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What a Transformer keeps of sources and of the targets that are being written.
public struct TransformerTranslatorMemory: Sendable {
  fileprivate var cache: TransformerCache
  /// The encoder's result, to look at attention, and which of its sequences each hypothesis translates.
  fileprivate let encoded: PackedSequence
  fileprivate var sources: [Int]
}

extension TransformerTranslator {
  public var sourceVocabularySize: Int { embeddings.source.weight.shape[0] }

  /// Without learned positions there is no end.
  public var contextLength: Int? { targetPositions.maximumLength }

  public var sourceLength: Int? { sourcePositions.maximumLength }

  public func makeMemory(_ sources: PackedTokens) throws(Failure) -> TransformerTranslatorMemory {
    let encoded = try encoded(sources)
    return TransformerTranslatorMemory(
      cache: decoder.makeCache(memory: encoded), encoded: encoded, sources: Array(0..<sources.layout.batchSize))
  }

  public func next(_ tokens: PackedTokens, _ memory: inout TransformerTranslatorMemory) throws(Failure) -> Tensor {
    let starts = memory.cache.lengths.isEmpty ? nil : memory.cache.lengths
    try targetPositions.check(tokens.layout, from: starts)
    let states = decoder.step(placed(embeddings.target(tokens), targetPositions, from: starts), &memory.cache)
    return tokens.layout.inCallersOrder(output(states.last()))
  }

  public func select(_ sequences: [Int], in memory: inout TransformerTranslatorMemory) {
    memory.cache.keepSequences(sequences)
    memory.sources = sequences.map { memory.sources[$0] }
  }

  public func alignments(in memory: TransformerTranslatorMemory) -> [[SourceWeights]] {
    []
  }

  public func attention(sources: PackedTokens, inputs: PackedTokens) throws(Failure) -> [[[SourceWeights]]] {
    []
  }
}
