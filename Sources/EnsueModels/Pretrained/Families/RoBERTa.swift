// RoBERTa (Liu et al., RoBERTa: a robustly optimized BERT pretraining approach, 2019) and XLM-RoBERTa (Conneau et al.,
// Unsupervised cross-lingual representation learning at scale, 2020): BERT's encoder, whose positions begin after the
// padding id, with
//
//   scores = W drop(tanh(W_d drop(x_L[first]) + b_d)) + b

import EnsueTensor

enum RoBERTa: EncoderFamily {
  static var base: EncoderConfiguration {
    var base = EncoderConfiguration(family: .roberta)
    (base.vocabularySize, base.maximumPositions, base.typeCount) = (50_265, 514, 1)
    (base.epsilon, base.paddingID) = (1e-5, 1)
    return base
  }

  static func firstPosition(_ configuration: EncoderConfiguration) -> Int { configuration.paddingID + 1 }

  static func classificationHead(
    _ configuration: EncoderConfiguration, outputCount: Int, key: RandomKey
  ) -> ClassificationHead {
    ClassificationHead(
      configuration, outputCount: outputCount, inputDropout: configuration.headDropout,
      dropout: configuration.headDropout, activation: { tanh($0) }, key: key)
  }

  static var weights: EncoderWeightTable {
    var table = BERT.weights
    table.prefix = "roberta."
    table.classification = [.map("dense", "classifier.dense"), .map("output", "classifier.out_proj")]
    return table
  }
}

/// RoBERTa with another vocabulary.
enum XLMRoBERTa: EncoderFamily {
  static var base: EncoderConfiguration {
    var base = RoBERTa.base
    (base.family, base.vocabularySize) = (.xlmRoberta, 250_002)
    return base
  }

  static func firstPosition(_ configuration: EncoderConfiguration) -> Int { RoBERTa.firstPosition(configuration) }

  static func classificationHead(
    _ configuration: EncoderConfiguration, outputCount: Int, key: RandomKey
  ) -> ClassificationHead {
    RoBERTa.classificationHead(configuration, outputCount: outputCount, key: key)
  }

  static var weights: EncoderWeightTable { RoBERTa.weights }
}
