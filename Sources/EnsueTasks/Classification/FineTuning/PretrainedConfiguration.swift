// What decides how a pre-trained model is fine-tuned, beside what decides every training.

import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTraining

/// The pre-trained model of a run, and what of it is trained.
public struct PretrainedConfiguration: Sendable, Equatable {
  /// Its folder, or `hub:ORG/NAME`; empty for a classifier made anew.
  public var path = ""
  /// ξ: the rate of each layer is ξ times that of the layer above it (Howard and Ruder 2018, Sun et al. 2019).
  public var layerDecay = 1.0
  /// So many layers, counted from the embedding, stay as they are, and the embedding with them.
  public var frozenLayers = 0
  /// Whether the embedding stays as it is.
  public var freezesEmbedding = false
  /// r of adapters, which are trained in place of the layers (Hu et al. 2022); nil for none.
  public var loraRank: Int?
  /// α of adapters; nil for 2 r.
  public var loraAlpha: Double?
  /// The maps with adapters.
  public var loraPlaces = AdapterPlaceKind.usual.map(\.rawValue)
  /// Whether the values inside a layer are made again in the backward pass, in place of being kept (Chen et al. 2016).
  public var recomputes = false
  /// What is set to zero in training, in place of what the model's own configuration says.
  public var dropout = EncoderDropout()

  public init() {}

  /// Whether there is a pre-trained model.
  public var isGiven: Bool { !path.utf8.isEmpty }

  /// The maps with adapters.
  /// - Throws: `Failure` of kind `configuration` for a name that none has.
  func adapterPlaces() throws(Failure) -> [AdapterPlaceKind] {
    var places: [AdapterPlaceKind] = []
    for name in loraPlaces {
      guard let place = AdapterPlaceKind(rawValue: name) else {
        let names = AdapterPlaceKind.allCases.map(\.rawValue).joined(separator: ", ")
        throw Failure(
          .configuration, at: "pretrained.loraPlaces", "some of \(names) expected, found \(Failure.shown(name))")
      }
      if !places.contains(place) { places.append(place) }
    }
    guard !places.isEmpty else {
      throw Failure(.configuration, at: "pretrained.loraPlaces", "at least one map expected, found none")
    }
    return places
  }
}

extension ClassificationConfiguration {
  static let pretrainedSettings: [Setting<Self>] = [
    .path(
      "pretrained.path", \.pretrained.path, option: "from", placeholder: "FOLDER",
      "the pre-trained model to fine-tune: a folder, or hub:ORG/NAME"),
    .number(
      "pretrained.layerDecay", \.pretrained.layerDecay, .above(0, through: 1), option: "layer-decay",
      "learning rate of a layer as a share of that of the one above it"),
    .integer(
      "pretrained.frozenLayers", \.pretrained.frozenLayers, 0...1000, option: "freeze-layers",
      "layers that stay as they are, with the embedding, counted from it"),
    .flag(
      "pretrained.freezesEmbedding", \.pretrained.freezesEmbedding, option: "freeze-embedding",
      "leave the embedding as it is"),
    .integer(
      "pretrained.loraRank", \.pretrained.loraRank, 1...1024, option: "lora", placeholder: "RANK",
      "train adapters of this rank, and leave the layers as they are"),
    .number(
      "pretrained.loraAlpha", \.pretrained.loraAlpha, .above(0, through: 1e6), option: "lora-alpha",
      "what adapters say is multiplied by this and divided by their rank; none for twice the rank"),
    .list(
      "pretrained.loraPlaces", \.pretrained.loraPlaces, option: "lora-maps", placeholder: "MAP,...",
      "maps with adapters: \(AdapterPlaceKind.allCases.map(\.rawValue).joined(separator: ", "))"),
    .number(
      "pretrained.dropout", \.pretrained.dropout.states, 0..<1, option: "encoder-dropout",
      "share of embeddings and of sub-layers' outputs set to zero; none for the model's own"),
    .number(
      "pretrained.attentionDropout", \.pretrained.dropout.attention, 0..<1, option: "encoder-attention-dropout",
      "share of its attention weights set to zero; none for the model's own"),
    .number(
      "pretrained.classifierDropout", \.pretrained.dropout.head, 0..<1, option: "classifier-dropout",
      "share of what its head reads set to zero; none for the model's own"),
    .flag(
      "pretrained.recomputes", \.pretrained.recomputes, option: "gradient-checkpointing",
      "make the values inside a layer again for its gradient: less memory, more time, the same numbers"),
  ]

  /// The defaults of fine-tuning (Devlin et al., BERT, 2019, appendix A.3; decay and clipping as in their program).
  /// - Parameter labels: of numbers the weights are chosen by their error.
  public static func fineTuning(_ labels: LabelKind) -> ClassificationConfiguration {
    var configuration = ClassificationConfiguration()
    (configuration.optimizer.kind, configuration.optimizer.learningRate) = (.adamw, 5e-5)
    (configuration.optimizer.weightDecay, configuration.optimizer.decaysVectors) = (0.01, false)
    (configuration.schedule.kind, configuration.schedule.warmUpShare) = (.linearDecay, 0.1)
    (configuration.training.epochs, configuration.training.batchSize) = (3, 32)
    (configuration.training.clipNorm, configuration.training.metric) = (1, labels == .number ? .mse : .accuracy)
    configuration.training.checkpointSeconds = 120
    return configuration
  }

  /// This without the defaults of fine-tuning that another choice has no use for: the warm-up's share where its steps are
  /// named or the schedule has none.
  public var settled: ClassificationConfiguration {
    var copy = self
    let isDefault = schedule.warmUpShare == ClassificationConfiguration.fineTuning(data.labelKind).schedule.warmUpShare
    if isDefault, !schedule.kind.takesWarmUp || schedule.warmUpSteps != nil { copy.schedule.warmUpShare = nil }
    return copy
  }

  /// What says how a classifier is made anew: a pre-trained one brings its own.
  package static var settingsMadeAnew: [Setting<Self>] {
    settings.settings.filter { ["text", "embedding", "model"].contains($0.section) && $0.path != "text.maximumLength" }
  }

  /// The refusal of such a setting.
  package static func foreignSetting(_ setting: Setting<Self>, found: String) -> Failure {
    Failure(
      .configuration, at: setting.path, "nothing expected where a pre-trained model is fine-tuned, found \(found)",
      advice: "The model brings its own tokenizer and architecture.")
  }

  /// Refuses settings that say how a classifier is made anew, where a pre-trained one is fine-tuned, and the reverse.
  func checkPretrained() throws(Failure) {
    let defaults = ClassificationConfiguration()
    func isChanged(_ setting: Setting<Self>) -> Bool { setting.get(self) != setting.get(defaults) }
    if pretrained.isGiven {
      guard let setting = ClassificationConfiguration.settingsMadeAnew.first(where: isChanged) else { return }
      throw ClassificationConfiguration.foreignSetting(setting, found: "\(setting.get(self))")
    }
    guard let setting = ClassificationConfiguration.pretrainedSettings.first(where: isChanged) else { return }
    throw Failure(
      .configuration, at: setting.path,
      "its default expected where no pre-trained model is fine-tuned, found \(setting.get(self))",
      advice: "Name the model with --from.")
  }
}
