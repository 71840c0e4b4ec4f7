// DistilBERT (Sanh, Debut, Chaumond and Wolf, DistilBERT, a distilled version of BERT: smaller, faster, cheaper and
// lighter, 2019): BERT without vectors for the two texts of a pair, with
//
//   scores = W drop(max(0, W_p x_L[first] + b_p)) + b

import EnsueFiles
import EnsueTensor

enum DistilBERT: EncoderFamily {
  static var base: EncoderConfiguration {
    var base = EncoderConfiguration(family: .distilbert)
    (base.layerCount, base.typeCount, base.classifierDropout) = (6, 0, 0.2)
    return base
  }

  /// The ε of its norms is 1e-12 and cannot be set.
  static var keys: EncoderKeys {
    EncoderKeys(
      width: "dim", layerCount: "n_layers", headCount: "n_heads", feedForwardSize: "hidden_dim",
      activation: "activation", typeCount: nil, epsilon: nil, dropout: "dropout",
      attentionDropout: "attention_dropout", classifierDropout: "seq_classif_dropout")
  }

  static func classificationHead(
    _ configuration: EncoderConfiguration, outputCount: Int, key: RandomKey
  ) -> ClassificationHead {
    ClassificationHead(
      configuration, outputCount: outputCount, inputDropout: 0, dropout: configuration.headDropout,
      activation: { relu($0) }, key: key)
  }

  /// Tags are read from states dropped as those of the blocks are.
  static func taggingDropout(_ configuration: EncoderConfiguration) -> Double { configuration.dropout }

  static var weights: EncoderWeightTable {
    EncoderWeightTable(
      prefix: "distilbert.",
      embeddings: [
        .table("words.weight", "embeddings.word_embeddings.weight"),
        .table("positions.table", "embeddings.position_embeddings.weight"), .norm("norm", "embeddings.LayerNorm"),
      ],
      blockName: { "transformer.layer.\($0)." },
      block: [
        .map("attention.query", "attention.q_lin"), .map("attention.key", "attention.k_lin"),
        .map("attention.value", "attention.v_lin"), .map("attention.output", "attention.out_lin"),
        .norm("attentionNorm", "sa_layer_norm"), .map("feedForward.inner", "ffn.lin1"),
        .map("feedForward.outer", "ffn.lin2"), .norm("feedForwardNorm", "output_layer_norm"),
      ],
      classification: [.map("dense", "pre_classifier"), .map("output", "classifier")])
  }
}
