// What every attentive classifier reads: word vectors at their places.

import EnsueLayers
import EnsueTensor

/// Word vectors, brought to the blocks' width where theirs is another, plus positions, then dropout
/// (Vaswani et al. 2017).
public struct TransformerInput: Module {
  public var embedding: Embedding
  /// nil where the word vectors have the blocks' width.
  public var projection: Linear?
  public var positions: Positions
  private let dropout: Dropout
  private let wordDropout: WordDropout

  /// - Parameter weight: word vectors to begin with; nil for new ones.
  init(
    _ configuration: ClassifierConfiguration, _ blocks: TransformerConfiguration, positions kind: PositionKind,
    embedding weight: Tensor?, key: RandomKey
  ) {
    embedding = TransformerInput.embedding(configuration, blocks, weight, key)
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

  /// T-Fixup scales new vectors by depth; those from a file, and other initialisers', begin as every classifier's do.
  private static func embedding(
    _ configuration: ClassifierConfiguration, _ blocks: TransformerConfiguration, _ weight: Tensor?, _ key: RandomKey
  ) -> Embedding {
    switch blocks.initializer {
    case .glorot, .gpt2: return configuration.makeEmbedding(weight, key: key)
    case .tFixup:
      let new = blocks.initializer.embedding(
        rows: configuration.vocabularySize, width: configuration.embeddingSize, layerCount: blocks.layerCount,
        key: key.derived("embedding"))
      return configuration.makeEmbedding(weight ?? new, key: key)
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
