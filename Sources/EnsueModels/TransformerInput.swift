// What every attentive classifier reads: word vectors at their places.

import EnsueLayers
import EnsueTensor

/// Word vectors, brought to the blocks' width where theirs is another, plus positions, then dropout
/// (Vaswani et al. 2017).
public struct TransformerInput: Module {
  public var embedding: WordEmbedding
  /// nil where the word vectors have the blocks' width.
  public var projection: Linear?
  public var positions: Positions
  private let dropout: Dropout
  private let wordDropout: WordDropout

  /// - Parameter weights: word vectors to begin with, those of each table; none for new ones.
  init(
    _ configuration: ClassifierConfiguration, _ blocks: TransformerConfiguration, positions kind: PositionKind,
    embeddings weights: [Tensor], key: RandomKey
  ) {
    embedding = TransformerInput.embedding(configuration, blocks, weights, key)
    projection =
      embedding.featureCount == blocks.width
      ? nil
      : Linear(
        inputSize: embedding.featureCount, outputSize: blocks.width, initializer: .glorot,
        key: key.derived("projection"))
    positions = Positions(
      kind, featureCount: blocks.width, maximumLength: configuration.maximumPositions, key: key.derived("positions"))
    dropout = Dropout(rate: blocks.dropout)
    wordDropout = WordDropout(rate: configuration.wordDropout)
  }

  /// T-Fixup scales the new vectors of one table by depth; those from a file or of several tables, and other
  /// initialisers', begin as every classifier's do.
  private static func embedding(
    _ configuration: ClassifierConfiguration, _ blocks: TransformerConfiguration, _ weights: [Tensor], _ key: RandomKey
  ) -> WordEmbedding {
    switch blocks.initializer {
    case .glorot, .gpt2: return configuration.makeEmbedding(weights, key: key)
    case .tFixup:
      guard weights.isEmpty, configuration.embeddingSizes == nil else {
        return configuration.makeEmbedding(weights, key: key)
      }
      let new = blocks.initializer.embedding(
        rows: configuration.vocabularySize, width: configuration.embeddingSize, layerCount: blocks.layerCount,
        key: key.derived("embedding"))
      return configuration.makeEmbedding([new], key: key)
    }
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    if var part = projection {
      visitor.module("projection", &part)
      projection = part
    }
    visitor.module("positions", &positions)
  }

  /// [rows, width]
  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> PackedSequence {
    let words = wordDropout(embedding(tokens), of: tokens, phase.derived("words"))
    let vectors = positions.embedded(projection.map { words.replacingValues($0(words.values)) } ?? words)
    return vectors.replacingValues(dropout(vectors.values, phase.derived("sum")))
  }
}
