// BERT (Devlin, Chang, Lee and Toutanova, BERT: pre-training of deep bidirectional Transformers for language
// understanding, 2019), and what other families have as it has it. MiniLM (Wang et al. 2020) is a smaller BERT.
//
//   x_0 = norm(word + type + position), dropped
//   a_l = norm(x_(l-1) + drop(attention(x_(l-1)))),  x_l = norm(a_l + drop(W_2 gelu(W_1 a_l + b_1) + b_2))
//   scores = W drop(tanh(W_p x_L[first] + b_p)) + b

import EnsueFiles
import EnsueLayers
import EnsueTensor

enum BERT: EncoderFamily {
  static var base: EncoderConfiguration { EncoderConfiguration(family: .bert) }
}

// MARK: config.json

extension EncoderFamily {
  static var keys: EncoderKeys { EncoderKeys() }

  static var onlyValues: [(key: String, value: JSONValue)] {
    [
      ("position_embedding_type", .string("absolute")), ("is_decoder", .boolean(false)),
      ("add_cross_attention", .boolean(false)), ("is_encoder_decoder", .boolean(false)),
      ("pruned_heads", .object(JSONObject())), ("quantization_config", .null),
    ]
  }
}

// MARK: the model

extension EncoderFamily {
  static func firstPosition(_ configuration: EncoderConfiguration) -> Int { 0 }

  static func mapsEmbedding(_ configuration: EncoderConfiguration) -> Bool { false }

  static func blocks(_ configuration: EncoderConfiguration, key: RandomKey) -> [TransformerEncoderBlock] {
    (0..<configuration.layerCount).map { TransformerEncoderBlock(configuration.blocks, key: key.derived($0)) }
  }

  /// W drop(tanh(W_p x + b_p)) + b: the pooler, and the classifier after it.
  static func classificationHead(
    _ configuration: EncoderConfiguration, outputCount: Int, key: RandomKey
  ) -> ClassificationHead {
    ClassificationHead(
      configuration, outputCount: outputCount, inputDropout: 0, dropout: configuration.headDropout,
      activation: { tanh($0) }, key: key)
  }

  static func taggingDropout(_ configuration: EncoderConfiguration) -> Double { configuration.headDropout }
}

// MARK: names of weights

extension EncoderFamily {
  static var weights: EncoderWeightTable {
    EncoderWeightTable(
      prefix: "bert.", embeddings: .bertEmbeddings, blockName: { "encoder.layer.\($0)." }, block: .bertBlock,
      classification: [.map("dense", "bert.pooler.dense"), .map("output", "classifier")])
  }
}

extension [WeightPart] {
  static var bertEmbeddings: [WeightPart] {
    [
      .table("words.weight", "embeddings.word_embeddings.weight"),
      .table("positions.table", "embeddings.position_embeddings.weight"),
      .table("types.weight", "embeddings.token_type_embeddings.weight"),
      .norm("norm", "embeddings.LayerNorm"),
    ]
  }

  static var bertBlock: [WeightPart] {
    [
      .map("attention.query", "attention.self.query"), .map("attention.key", "attention.self.key"),
      .map("attention.value", "attention.self.value"), .map("attention.output", "attention.output.dense"),
      .norm("attentionNorm", "attention.output.LayerNorm"), .map("feedForward.inner", "intermediate.dense"),
      .map("feedForward.outer", "output.dense"), .norm("feedForwardNorm", "output.LayerNorm"),
    ]
  }
}
