// The checked content of a language model bundle's configuration.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText
import Foundation

/// Codec and architecture as a bundle's folder has them.
struct LanguageModelHeader {
  let codec: TokenCodec
  let architecture: LanguageModelArchitecture
  private let file: String

  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  init(folder: String) throws {
    let file = "\(folder)/configuration.json"
    let json = try JSONValue.contents(of: file)
    guard let object = json.objectValue else {
      throw Failure(.data, at: file, "an object expected, found \(json.kindName)")
    }
    func member<Value>(_ key: String, _ what: String, _ read: (JSONValue) -> Value?) throws -> Value {
      guard let value = object[key], let result = read(value) else {
        throw Failure(
          .data, at: file, "\(key): \(what) expected, found \(object[key].map { Failure.shown("\($0)") } ?? "nothing")")
      }
      return result
    }
    let (task, version) = (LanguageModelBundle.task, LanguageModelBundle.formatVersion)
    _ = try member("task", "\"\(task)\"") { $0.stringValue == task ? true : nil }
    let format = try member("format", "a format number") { $0.integerValue }
    guard format == version else {
      throw Failure(
        .data, at: file, "format \(version) expected, found \(format)",
        advice: format > version ? "A newer Ensue wrote this bundle." : "Train the model again.")
    }
    codec = try TokenCodec(json: try member("codec", "a codec") { $0 }, place: file) {
      try SubwordTokenizer(contentsOf: "\(folder)/tokenizer.json")
    }
    architecture = try member("architecture", "an architecture") { value in
      try? JSONDecoder().decode(LanguageModelArchitecture.self, from: Data(value.description.utf8))
    }
    self.file = file
    guard codec.vocabularySize == architecture.vocabularySize else {
      throw Failure(
        .data, at: file,
        "architecture: \(codec.vocabularySize) symbols, as the codec has, expected, found"
          + " \(architecture.vocabularySize)")
    }
    guard architecture.isPlausible else {
      throw Failure(.data, at: file, "architecture: sizes and rates that make a model expected")
    }
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
  func blankModel() throws -> AnyLanguageModel {
    var blank = architecture
    if case .recurrent(var configuration) = architecture {
      (configuration.inputInitializer, configuration.recurrentInitializer) = (.uniform, .uniform)
      configuration.initializerRange = nil
      blank = .recurrent(configuration)
    }
    let model: AnyLanguageModel?
    do {
      model = try blank.makeModel(key: RandomKey(seed: 0))
    } catch {
      throw Failure(.data, at: file, "architecture: \(error.place): \(error.problem)", advice: error.advice)
    }
    guard let model else {
      throw Failure(.data, at: file, "architecture: a model with weights expected, found \(architecture.title)")
    }
    return model
  }
}

extension LanguageModelArchitecture {
  /// Whether every size is within what Ensue builds.
  fileprivate var isPlausible: Bool {
    guard (2...(1 << 24)).contains(vocabularySize) else { return false }
    return switch self {
    case .recurrent(let configuration): configuration.isPlausible
    case .transformer(let configuration): configuration.isPlausible
    case .bigram: vocabularySize <= 1 << 15
    case .ngram(let configuration): (1...16).contains(configuration.order)
    }
  }
}

extension RecurrentLanguageModelConfiguration {
  fileprivate var isPlausible: Bool {
    (1...65_536).contains(embeddingSize) && (1...8192).contains(hiddenSize) && (1...64).contains(layerCount)
      && [dropout, embeddingDropout ?? 0, outputDropout ?? 0, recurrentDropout, zoneout].allSatisfy((0..<1).contains)
      && leak > 0 && leak <= 1 && forgetBias.isFinite && (initializerRange ?? 1).isFinite
  }
}

extension TransformerLanguageModelConfiguration {
  fileprivate var isPlausible: Bool {
    (1...65_536).contains(transformer.width) && (1...65_536).contains(transformer.feedForwardSize)
      && (1...1024).contains(transformer.layerCount) && (1...(1 << 20)).contains(contextLength)
  }
}
