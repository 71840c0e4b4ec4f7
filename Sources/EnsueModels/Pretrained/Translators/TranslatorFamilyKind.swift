// The encoder–decoder families of transformers that are read, by the name that config.json gives them.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// What config.json tells of a translation model.
public struct PretrainedTranslatorConfiguration: Sendable, Equatable {
  public var transformer = TransformerTranslatorConfiguration()
  /// The symbol that a target begins with, which is never written.
  public var beginID: Int32 = 0
  /// The symbol that ends sources and targets.
  public var endID: Int32 = 0

  public init() {}
}

/// `model_type` of a config.json, translation models only.
public enum TranslatorFamilyKind: String, Codable, CaseIterable, Sendable {
  case marian

  public var summary: String {
    switch self {
    case .marian: "MarianMT (Junczys-Dowmunt et al. 2018), one vocabulary of both sides"
    }
  }

  /// The architecture that a config.json tells.
  /// - Parameter path: the file, for messages.
  /// - Throws: `Failure` of kind `data` that names the member at fault, or what is not built.
  public func configuration(
    _ config: JSONObject, path: String
  ) throws(Failure) -> PretrainedTranslatorConfiguration {
    let fields = ConfigurationFields(config, path: path)
    try fields.refuseQuantization()
    let configuration =
      switch self {
      case .marian: try MarianTranslator.configuration(fields)
      }
    do {
      try configuration.transformer.check()
    } catch {
      throw Failure(.data, at: path, "\(error.place): \(error.problem)", advice: error.advice)
    }
    return configuration
  }
}

extension TransformerTranslator {
  /// A model with the weights of a folder as the Hub has it.
  /// - Parameters:
  ///   - family: whose configuration it is, and whose names the weights have.
  ///   - configuration: as the family reads it from config.json.
  /// - Throws: `Failure` of kind `data` where weights are missing, too many, of other shapes or not finite; all of them
  ///   are named together.
  public init(
    _ family: TranslatorFamilyKind, _ configuration: TransformerTranslatorConfiguration,
    _ weights: consuming WeightFolder
  ) throws {
    let source = weights.source
    switch family {
    case .marian:
      // Places are mostly made, not read.
      try weights.require(elements: configuration.leastWeightCount - MarianTranslator.placeWeightCount(configuration))
      try self.init(configuration, key: RandomKey(seed: 0))
      _ = try take(
        MarianWeights(weights, configuration), MarianTranslator.weights(configuration).naming, at: source)
    }
  }
}
