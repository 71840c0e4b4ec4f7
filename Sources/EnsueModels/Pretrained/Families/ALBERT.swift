// ALBERT (Lan et al., ALBERT: a lite BERT for self-supervised learning of language representations, 2020): one block
// for all layers, and vectors of tokens smaller than it:
//
//   x_0 = W_e drop(norm(word + type + position)) + b_e
//   a_l = norm(x_(l-1) + drop(attention(x_(l-1)))),  x_l = norm(a_l + W_2 gelu(W_1 a_l + b_1) + b_2)
//
// with BERT's pooler and classifier. The feed-forward sub-layer's output is not dropped.

import EnsueFiles
import EnsueLayers
import EnsueTensor

enum ALBERT: EncoderFamily {
  static var base: EncoderConfiguration {
    var base = EncoderConfiguration(family: .albert)
    (base.vocabularySize, base.embeddingSize, base.activation) = (30_000, 128, .geluTanh)
    (base.dropout, base.attentionDropout, base.classifierDropout) = (0, 0, 0.1)
    return base
  }

  static var keys: EncoderKeys {
    EncoderKeys(embeddingSize: "embedding_size", classifierDropout: "classifier_dropout_prob")
  }

  /// One group of one block.
  static var onlyValues: [(key: String, value: JSONValue)] {
    BERT.onlyValues + [("num_hidden_groups", .number(1)), ("inner_group_num", .number(1))]
  }

  static func mapsEmbedding(_ configuration: EncoderConfiguration) -> Bool { true }

  static func blocks(_ configuration: EncoderConfiguration, key: RandomKey) -> [TransformerEncoderBlock] {
    var block = TransformerEncoderBlock(configuration.blocks, key: key)
    block.feedForwardResidual = ResidualConnection(
      width: configuration.width, placement: .post, dropout: 0, epsilon: configuration.epsilon)
    return [block]
  }

  static var weights: EncoderWeightTable {
    EncoderWeightTable(
      prefix: "albert.",
      embeddings: .bertEmbeddings + [.map("projection", "encoder.embedding_hidden_mapping_in")],
      blockName: { "encoder.albert_layer_groups.\($0).albert_layers.0." },
      block: [
        .map("attention.query", "attention.query"), .map("attention.key", "attention.key"),
        .map("attention.value", "attention.value"), .map("attention.output", "attention.dense"),
        .norm("attentionNorm", "attention.LayerNorm"), .map("feedForward.inner", "ffn"),
        .map("feedForward.outer", "ffn_output"), .norm("feedForwardNorm", "full_layer_layer_norm"),
      ],
      classification: [.map("dense", "albert.pooler"), .map("output", "classifier")], sharesBlock: true)
  }
}
