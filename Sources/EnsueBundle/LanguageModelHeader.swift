// The checked content of a language model bundle's configuration.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText

/// Codec and architecture as a bundle's folder has them.
struct LanguageModelHeader {
  let codec: TokenCodec
  let architecture: LanguageModelArchitecture
  let beginning: [Int32]
  /// nil for the codec's own.
  let endIDs: [Int32]?
  private let file: String

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  init(folder: String) throws {
    let fields = try BundleFields(
      folder: folder, task: LanguageModelBundle.task, format: LanguageModelBundle.formatVersion)
    file = fields.file
    codec = try TokenCodec(json: try fields.member("codec", "a codec") { $0 }, place: file) {
      try SubwordTokenizer(contentsOf: "\(folder)/tokenizer.json")
    }
    architecture = try fields.decoded("architecture", "an architecture", as: LanguageModelArchitecture.self)
      .withoutKnownEquations()
    let codec = codec
    beginning =
      try fields.has("beginning")
      ? fields.member("beginning", "a few ids of the codec") { LanguageModelHeader.ids($0, codec) } : []
    if fields.has("ends") {
      let ids: [Int32] = try fields.member("ends", "a few ids of the codec") { LanguageModelHeader.ids($0, codec) }
      endIDs = ids
    } else {
      endIDs = nil
    }
    guard codec.fits(modelOf: architecture.vocabularySize) else {
      throw Failure(
        .data, at: file,
        "architecture: \(codec.vocabularySize) symbols, as the codec has, expected, found"
          + " \(architecture.vocabularySize)")
    }
    guard architecture.isPlausible else {
      throw Failure(.data, at: file, "architecture: sizes and rates that make a model expected")
    }
  }

  private static func ids(_ value: JSONValue, _ codec: TokenCodec) -> [Int32]? {
    let ids = value.arrayValue?.compactMap(\.integerValue) ?? []
    let isSound = (1...16).contains(ids.count) && ids.allSatisfy { (0..<codec.vocabularySize).contains($0) }
    return isSound && ids.count == value.arrayValue?.count ? ids.map(Int32.init) : nil
  }

  /// The name and shape of the largest table that must be in the file of weights.
  var table: (name: String, sizes: [Int]) {
    let size = architecture.vocabularySize
    return switch architecture {
    case .recurrent(let configuration): ("embedding.weight", [size, configuration.embeddingSize])
    case .transformer(let configuration): ("embedding.weight", [size, configuration.transformer.width])
    case .bigram, .ngram: ("table", [size, size])
    }
  }

  /// A model with the cheapest first values: they are overwritten.
  /// - Parameter precision: of a model that is only run; fewer bits than 32 are of Transformers alone.
  func blankModel(_ precision: WeightPrecisionKind? = nil) throws -> AnyLanguageModel {
    if case .transformer(let configuration) = architecture {
      do {
        return .transformer(try TransformerLanguageModel(loading: configuration, precision))
      } catch { throw wrongArchitecture(error) }
    }
    try WeightPrecisionKind.require(full: precision, of: architecture.title, at: file)
    var blank = architecture
    if case .recurrent(var configuration) = architecture {
      (configuration.inputInitializer, configuration.recurrentInitializer) = (.uniform, .uniform)
      configuration.initializerRange = nil
      blank = .recurrent(configuration)
    }
    let model: AnyLanguageModel?
    do {
      model = try blank.makeModel(key: RandomKey(seed: 0))
    } catch { throw wrongArchitecture(error) }
    guard let model else {
      throw Failure(.data, at: file, "architecture: a model with weights expected, found \(architecture.title)")
    }
    return model
  }

  private func wrongArchitecture(_ failure: Failure) -> Failure {
    Failure(.data, at: file, "architecture: \(failure.place): \(failure.problem)", advice: failure.advice)
  }
}

extension LanguageModelArchitecture {
  /// Whether every size is within what Ensue builds.
  fileprivate var isPlausible: Bool {
    guard (2...(1 << 24)).contains(vocabularySize) else { return false }
    return switch self {
    case .recurrent(let configuration): configuration.isPlausible
    case .transformer(let configuration): configuration.isPlausible
    case .bigram: vocabularySize <= BigramModelConfiguration.vocabularyLimit
    case .ngram(let configuration): (1...16).contains(configuration.order)
    }
  }
}

extension RecurrentLanguageModelConfiguration {
  fileprivate var isPlausible: Bool {
    let rates = [
      dropout, embeddingDropout ?? 0, outputDropout ?? 0, wordDropout ?? 0, recurrentDropout, zoneout,
      cellOptions.chosen.memoryZoneout ?? 0,
    ]
    let numbers = [forgetBias, initializerRange ?? 1, normStabilizer ?? 0, gradientPropagation ?? 0]
    return (1...65_536).contains(embeddingSize) && (1...8192).contains(hiddenSize) && (1...64).contains(layerCount)
      && rates.allSatisfy((0..<1).contains) && numbers.allSatisfy(\.isFinite) && leak > 0 && leak <= 1
  }
}

extension TransformerLanguageModelConfiguration {
  fileprivate var isPlausible: Bool {
    (1...65_536).contains(transformer.width) && (1...65_536).contains(transformer.feedForwardSize)
      && (1...1024).contains(transformer.layerCount) && (1...(1 << 20)).contains(contextLength)
  }
}
