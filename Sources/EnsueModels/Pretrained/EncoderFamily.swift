// What families of encoders differ in. BERT.swift has each of these as most families have it; the other files below
// Families/ say where they depart from it.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// A family of encoders: what config.json calls its sizes, how the parts are put together, what the Hub calls the
/// weights.
protocol EncoderFamily {
  /// The base model of the paper.
  static var base: EncoderConfiguration { get }

  /// The names of the settings in config.json.
  static var keys: EncoderKeys { get }

  /// Settings of which one value is built; one that is absent or null has it.
  static var onlyValues: [(key: String, value: JSONValue)] { get }

  /// The place of a sequence's first token in the table of positions.
  static func firstPosition(_ configuration: EncoderConfiguration) -> Int

  /// Whether the vectors of tokens are mapped to the blocks' width.
  static func mapsEmbedding(_ configuration: EncoderConfiguration) -> Bool

  /// The blocks that have weights. Layer number n is block n modulo their number.
  static func blocks(_ configuration: EncoderConfiguration, key: RandomKey) -> [TransformerEncoderBlock]

  /// From the first token's state to the scores of a sequence.
  static func classificationHead(
    _ configuration: EncoderConfiguration, outputCount: Int, key: RandomKey
  ) -> ClassificationHead

  /// The share of states set to zero in training before tokens are tagged.
  static func taggingDropout(_ configuration: EncoderConfiguration) -> Double

  /// The weights' own names and the Hub's.
  static var weights: EncoderWeightTable { get }
}

/// The names of an encoder's settings in config.json; nil for what a family does not let be set.
struct EncoderKeys: Sendable {
  var vocabularySize = "vocab_size"
  /// nil where vectors of tokens have the blocks' width.
  var embeddingSize: String?
  var width = "hidden_size"
  var layerCount = "num_hidden_layers"
  var headCount = "num_attention_heads"
  var feedForwardSize = "intermediate_size"
  var activation = "hidden_act"
  var maximumPositions = "max_position_embeddings"
  var typeCount: String? = "type_vocab_size"
  var epsilon: String? = "layer_norm_eps"
  var dropout = "hidden_dropout_prob"
  var attentionDropout = "attention_probs_dropout_prob"
  var classifierDropout = "classifier_dropout"
  var paddingID = "pad_token_id"

  /// The settings as `EncoderConfiguration` names them.
  static let own = EncoderKeys(
    vocabularySize: "vocabularySize", embeddingSize: "embeddingSize", width: "width", layerCount: "layerCount",
    headCount: "headCount", feedForwardSize: "feedForwardSize", activation: "activation",
    maximumPositions: "maximumPositions", typeCount: "typeCount", epsilon: "epsilon", dropout: "dropout",
    attentionDropout: "attentionDropout", classifierDropout: "classifierDropout", paddingID: "paddingID")
}
