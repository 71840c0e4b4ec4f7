// What a Transformer that translates needs to be told, besides its weights.

import EnsueFiles
import EnsueLayers

/// The architecture of an encoder–decoder Transformer (Vaswani et al. 2017). A bundle stores it beside the weights.
public struct TransformerTranslatorConfiguration: Sendable, Codable, Equatable {
  public var sourceVocabularySize = 2
  public var targetVocabularySize = 2
  /// With learned positions, the places there are on each side; the other kinds have no end.
  public var contextLength = 512
  /// With `rotary`, self-attention turns queries and keys as `transformer.rotary` says, or, where it is nil, by halves
  /// with the base 10,000.
  public var positions = PositionKind.sinusoidal
  /// Whether vectors of symbols are multiplied by √d before positions are added.
  public var scalesEmbeddings = true
  /// Share of embeddings and positions' sum set to zero in training.
  public var embeddingDropout = 0.1
  /// Whether source and target have one table of vectors: one vocabulary.
  public var sharesEmbeddings = false
  /// Whether the scores of the next symbol are products with the target's embedding itself (Press and Wolf 2017).
  public var isTied = true
  /// Whether a bias is added to the scores of symbols.
  public var hasOutputBias = false
  /// The blocks of both sides.
  public var transformer = TransformerConfiguration()
  /// Blocks of the decoder; nil for as many as the encoder has.
  public var decoderLayerCount: Int?

  public init() {}

  /// As it stands in tables: `Transformer 6 + 6`.
  public var title: String { "Transformer \(encoderBlocks.layerCount) + \(decoderBlocks.layerCount)" }

  /// Refuses sizes that make no model.
  /// - Throws: `Failure` of kind `configuration`, naming the first size at fault.
  public func check() throws(Failure) {
    let sizes = [
      ("sourceVocabularySize", sourceVocabularySize), ("targetVocabularySize", targetVocabularySize),
      ("contextLength", contextLength), ("decoderLayerCount", decoderLayerCount ?? 1),
    ]
    for (name, size) in sizes where size < 1 {
      throw Failure(.configuration, at: name, "a size of 1 or more expected, found \(size)")
    }
    guard (0..<1).contains(embeddingDropout) else {
      throw Failure(
        .configuration, at: "embeddingDropout", "a share from 0 to below 1 expected, found \(embeddingDropout)")
    }
    guard !sharesEmbeddings || sourceVocabularySize == targetVocabularySize else {
      throw Failure(
        .configuration, at: "sharesEmbeddings",
        "one vocabulary of both sides expected, found \(sourceVocabularySize) and \(targetVocabularySize) symbols",
        advice: "Choose a joint vocabulary, or two tables.")
    }
    try encoderBlocks.check(section: "transformer.")
  }

  /// The encoder's blocks with what the positions ask of them.
  var encoderBlocks: TransformerConfiguration {
    var blocks = transformer
    if positions == .rotary && blocks.rotary == nil { blocks.rotary = RotaryPositions() }
    return blocks
  }

  var decoderBlocks: TransformerConfiguration {
    var blocks = encoderBlocks
    blocks.layerCount = decoderLayerCount ?? blocks.layerCount
    return blocks
  }

  /// The number of weights, but for biases and norms: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    let tables =
      Double(targetVocabularySize) * (isTied ? 1 : 2) + (sharesEmbeddings ? 0 : Double(sourceVocabularySize))
      + (positions == .learned ? 2 * Double(contextLength) : 0)
    return tables * Double(transformer.width) + encoderBlocks.leastWeightCount(.encoder)
      + decoderBlocks.leastWeightCount(.decoder)
  }
}
