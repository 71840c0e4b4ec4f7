// ELECTRA (Clark, Luong, Le and Manning, ELECTRA: pre-training text encoders as discriminators rather than generators,
// 2020): BERT's encoder, whose vectors of tokens are mapped to the width where they are smaller, with
//
//   scores = W drop(gelu(W_d drop(x_L[first]) + b_d)) + b

import EnsueTensor

enum ELECTRA: EncoderFamily {
  /// ELECTRA small, which is the configuration's default.
  static var base: EncoderConfiguration {
    var base = EncoderConfiguration(family: .electra)
    (base.embeddingSize, base.width, base.headCount, base.feedForwardSize) = (128, 256, 4, 1024)
    return base
  }

  static var keys: EncoderKeys { EncoderKeys(embeddingSize: "embedding_size") }

  static func mapsEmbedding(_ configuration: EncoderConfiguration) -> Bool {
    configuration.embeddingSize != configuration.width
  }

  /// The activation is the exact GELU, whatever the blocks' is.
  static func classificationHead(
    _ configuration: EncoderConfiguration, outputCount: Int, key: RandomKey
  ) -> ClassificationHead {
    ClassificationHead(
      configuration, outputCount: outputCount, inputDropout: configuration.headDropout,
      dropout: configuration.headDropout, activation: { gelu($0) }, key: key)
  }

  static var weights: EncoderWeightTable {
    var table = BERT.weights
    table.prefix = "electra."
    table.embeddings += [.map("projection", "embeddings_project")]
    table.classification = [.map("dense", "classifier.dense"), .map("output", "classifier.out_proj")]
    return table
  }
}
