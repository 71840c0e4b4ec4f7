// A decoder-only Transformer step by step: its memory is the keys and values of all it has read.

import EnsueLayers
import EnsueTensor

/// `next(_:_:)` stands with the model.
extension TransformerLanguageModel: LanguageModel {
  public var vocabularySize: Int { embedding.vocabularySize }

  public func makeMemory(batchSize: Int) -> TransformerCache { makeCache() }

  public func select(_ sequences: [Int], in memory: inout TransformerCache) {
    // Before the first symbol all sequences are alike.
    if !memory.lengths.isEmpty { memory.keepSequences(sequences) }
  }
}
