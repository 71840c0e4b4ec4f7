// A Transformer that translates step by step: its memory is the encoder's keys and values of every block, and those of
// all it has written.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What a Transformer keeps of sources and of the targets that are being written. Hypotheses of one source share its
/// keys and values.
public struct TransformerTranslatorMemory: Sendable {
  /// With its weights laid out for many steps.
  fileprivate let decoder: TransformerDecoder
  fileprivate let output: PackedMatrix
  fileprivate var cache: TransformerCache
}

extension TransformerTranslator {
  public var sourceVocabularySize: Int { embeddings.source.weight.shape[0] }

  /// Without learned positions there is no end.
  public var contextLength: Int? { targetPositions.maximumLength }

  public var sourceLength: Int? { sourcePositions.maximumLength }

  /// Lays the weights out for many steps, where `prepared` has not done so.
  public func makeMemory(_ sources: PackedTokens) throws(Failure) -> TransformerTranslatorMemory {
    let prepared = prepared()
    return TransformerTranslatorMemory(
      decoder: prepared.decoder, output: prepared.packedOutput ?? packOutput(),
      cache: prepared.decoder.makeCache(memory: try prepared.encoded(sources)))
  }

  public func next(_ tokens: PackedTokens, _ memory: inout TransformerTranslatorMemory) throws(Failure) -> Tensor {
    let starts = memory.cache.lengths.isEmpty ? nil : memory.cache.lengths
    try targetPositions.check(tokens.layout, from: starts)
    let vectors = placed(embeddings.target(tokens), targetPositions, from: starts)
    let states = memory.decoder.step(vectors, &memory.cache).last()
    return tokens.layout.inCallersOrder(memory.output.multiplied(byRowsOf: states.detached, bias: outputBias?.detached))
  }

  public func select(_ sequences: [Int], in memory: inout TransformerTranslatorMemory) {
    memory.cache.keepSequences(sequences)
  }

  public func alignments(in memory: TransformerTranslatorMemory) -> [[SourceWeights]] {
    memory.decoder.crossWeights(in: memory.cache).flatMap { sequences in
      let rows = sequences.map { weights in weights.floatRows }
      return (0..<(rows.first?.count ?? 0)).map { head in rows.map { $0[head] } }
    }
  }

  public func attention(sources: PackedTokens, inputs: PackedTokens) throws(Failure) -> [[[SourceWeights]]] {
    let memory = try encoded(sources)
    try targetPositions.check(inputs.layout)
    let vectors = placed(embeddings.target(inputs), targetPositions, from: nil)
    return decoder.crossWeights(vectors, memory: memory).flatMap { sequences in
      (0..<sequences[0].shape[0]).map { head in
        sequences.map { weights in
          weights.sliced(head..<head + 1, axis: 0).reshaped([weights.shape[1], weights.shape[2]]).floatRows
        }
      }
    }
  }
}

extension Tensor {
  /// The rows of a matrix as numbers of 32 bits.
  var floatRows: [[Float]] {
    let all = converted(to: .float32).floats
    return (0..<shape[0]).map { Array(all[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }
}
