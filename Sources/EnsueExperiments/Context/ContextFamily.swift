// The two families of language models that are compared, at equal widths.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A family of language models.
public enum ContextFamily: String, Codable, CaseIterable, Sendable {
  case lstm
  case transformer

  public var title: String {
    switch self {
    case .lstm: "LSTM"
    case .transformer: "Transformer"
    }
  }
}

/// A size of a family.
struct ContextModelSize: Sendable, Equatable {
  let family: ContextFamily
  let width: Int
  let layerCount: Int
  let headCount: Int
  let contextLength: Int
  let vocabularySize: Int

  var recurrent: RecurrentLanguageModelConfiguration {
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.cell, configuration.vocabularySize) = (.lstm, vocabularySize)
    (configuration.embeddingSize, configuration.hiddenSize) = (width, width)
    configuration.layerCount = layerCount
    return configuration
  }

  var transformer: TransformerLanguageModelConfiguration {
    var blocks = TransformerConfiguration.gpt2
    (blocks.width, blocks.headCount, blocks.layerCount) = (width, headCount, layerCount)
    (blocks.feedForwardSize, blocks.dropout, blocks.attentionDropout) = (4 * width, 0, 0)
    var configuration = TransformerLanguageModelConfiguration()
    (configuration.vocabularySize, configuration.contextLength) = (vocabularySize, contextLength)
    configuration.transformer = blocks
    return configuration
  }
}

extension NextSymbolModel {
  /// The numbers of the layers between embedding and output: what Kaplan et al. count, since tables of symbols and
  /// positions grow with the task and not with the model.
  var innerParameterCount: Int {
    parameters.reduce(0) { $0 + ($1.name.hasPrefix("encoder.") ? $1.tensor.count : 0) }
  }
}
