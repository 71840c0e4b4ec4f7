// The decoder-only families of transformers that are read, by the name that config.json gives them.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// `model_type` of a config.json, language models only.
public enum DecoderFamilyKind: String, Codable, CaseIterable, Sendable {
  case gpt2
  case llama
  case mistral

  static let vocabularyLimit = 1 << 24
  static let contextLimit = 1 << 20
  static let widthLimit = 1 << 16
  static let layerLimit = 1 << 10

  public var summary: String {
    switch self {
    case .gpt2: "GPT-2 (Radford et al. 2019)"
    case .llama: "Llama (Touvron et al. 2023); of stretched rotary positions linear ones and Llama 3's"
    case .mistral: "Mistral (Jiang et al. 2023), contexts up to its sliding window"
    }
  }

  /// The architecture that a config.json tells.
  /// - Parameter path: the file, for messages.
  /// - Throws: `Failure` of kind `data` that names the member at fault, or what is not built.
  public func configuration(
    _ config: JSONObject, path: String
  ) throws(Failure) -> TransformerLanguageModelConfiguration {
    let fields = ConfigurationFields(config, path: path)
    try fields.refuseQuantization()
    var configuration =
      switch self {
      case .gpt2: try GPT2Decoder.configuration(fields)
      case .llama: try LlamaDecoder.configuration(fields)
      // transformers' default, that of the first Mistral.
      case .mistral: try LlamaDecoder.configuration(fields, keyHeadCount: 8)
      }
    if self == .mistral {
      // Within the window a sliding window is none. Without the member it is that of the first Mistral.
      let window = try fields.size(
        "sliding_window", in: 1...DecoderFamilyKind.contextLimit,
        default: config["sliding_window"] == nil ? 4096 : configuration.contextLength)
      configuration.contextLength = min(configuration.contextLength, window)
    }
    do {
      try configuration.check()
    } catch {
      throw Failure(.data, at: path, "\(error.place): \(error.problem)", advice: error.advice)
    }
    return configuration
  }

  func weights(_ configuration: TransformerLanguageModelConfiguration) -> WeightTable {
    switch self {
    case .gpt2: GPT2Decoder.weights(configuration)
    case .llama, .mistral: LlamaDecoder.weights(configuration)
    }
  }
}

extension TransformerLanguageModel {
  /// A model with the weights of a folder as the Hub has it.
  /// - Parameters:
  ///   - family: whose configuration it is, and whose names the weights have.
  ///   - configuration: as the family reads it from config.json.
  ///   - precision: of a model for inference alone; nil for one to train.
  /// - Throws: `Failure` of kind `data` where weights are missing, too many, of other shapes or not finite; all of them
  ///   are named together.
  public init(
    _ family: DecoderFamilyKind, _ configuration: TransformerLanguageModelConfiguration,
    _ weights: borrowing WeightFolder, _ precision: WeightPrecisionKind? = nil
  ) throws {
    try weights.require(elements: configuration.leastWeightCount)
    try self.init(loading: configuration, precision)
    _ = try take(weights, family.weights(configuration).naming, at: weights.source)
  }
}
