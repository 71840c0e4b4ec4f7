// What of a pre-trained model is trained, and at which rates.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// The settings of fine-tuning, applied to the layers of one model.
///
/// Levels: the embedding is 0, block l has l + 1, the head stands one above the last block.
package struct TuningPlan: Sendable, Equatable {
  private let settings: PretrainedConfiguration
  private let places: [AdapterPlaceKind]
  private let layerCount: Int

  /// - Throws: `Failure` of kind `configuration` where the model has no such layers.
  package init(
    _ settings: PretrainedConfiguration, for encoder: EncoderConfiguration, sharesBlock: Bool
  ) throws(Failure) {
    places = try settings.adapterPlaces()
    let hasPlaces = settings.loraPlaces != PretrainedConfiguration().loraPlaces
    if settings.loraRank == nil, settings.loraAlpha != nil || hasPlaces {
      let name = hasPlaces ? "loraPlaces" : "loraAlpha"
      throw Failure(
        .configuration, at: "pretrained.\(name)", "a rank of adapters beside it expected, found none",
        advice: "Name it with --lora.")
    }
    guard settings.frozenLayers <= encoder.layerCount else {
      throw Failure(
        .configuration, at: "pretrained.frozenLayers",
        "at most the model's \(encoder.layerCount) layers expected, found \(settings.frozenLayers)")
    }
    if sharesBlock, settings.layerDecay < 1 || settings.frozenLayers > 0 {
      let name = settings.layerDecay < 1 ? "layerDecay" : "frozenLayers"
      throw Failure(
        .configuration, at: "pretrained.\(name)",
        "the same for all layers expected of \(encoder.family.rawValue), found another",
        advice: "Its layers share their weights.")
    }
    (self.settings, layerCount) = (settings, encoder.layerCount)
  }

  /// The model as training begins: with its adapters, and told what to keep for the backward pass.
  package func prepared(_ model: EncoderModel, key: RandomKey) -> EncoderModel {
    var model = model
    for index in model.encoder.blocks.indices {
      if settings.recomputes { model.encoder.blocks[index].memory = .recomputed }
      guard let rank = settings.loraRank, index >= settings.frozenLayers else { continue }
      model.encoder.blocks[index].addAdapters(
        places, rank: rank, alpha: settings.loraAlpha ?? 2 * Double(rank), key: key.derived(index))
    }
    return model
  }

  /// The model as it ships: adapters are part of the weights.
  package func shipped(_ model: EncoderModel) -> EncoderModel {
    var model = model
    for index in model.encoder.blocks.indices {
      model.encoder.blocks[index].mergeAdapters()
      model.encoder.blocks[index].memory = .kept
    }
    return model
  }

  /// Whether a parameter is trained, by its name in `EncoderModel`.
  package func trains(_ name: String) -> Bool {
    let level = level(of: name)
    if level > layerCount { return true }
    if level == 0 { return settings.loraRank == nil && settings.frozenLayers == 0 && !settings.freezesEmbedding }
    if level <= settings.frozenLayers { return false }
    return settings.loraRank == nil
      || name.utf8.split(separator: UInt8(ascii: ".")).contains { $0.elementsEqual("adapter".utf8) }
  }

  /// Factors of the learning rate.
  package func rates(of model: some Module) -> ParameterRates {
    ParameterRates(of: model, decay: settings.layerDecay, depth: layerCount + 1) { level(of: $0) }
  }

  /// `encoder.embeddings.…`, `encoder.blocks.3.…`, `head.…`.
  private func level(of name: String) -> Int {
    let parts = name.utf8.split(separator: UInt8(ascii: "."))
    guard parts[0].elementsEqual("encoder".utf8) else { return layerCount + 1 }
    guard parts.count > 2, parts[1].elementsEqual("blocks".utf8),
      let index = Int(String(decoding: parts[2], as: UTF8.self))
    else { return 0 }
    return index + 1
  }
}
