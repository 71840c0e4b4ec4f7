// A character model's bundle to and from its folder. Nothing in a bundle is believed before it is checked.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText
import Foundation

extension LanguageModelBundle {
  private static let formatVersion = 1
  private static let task = "characters"

  /// Writes the folder; each file appears whole or not at all, the configuration last.
  public func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    try SafetensorsWriter.write(model.namedTensors, to: "\(folder)/model.safetensors")
    // Keys in one order, so that the same run writes the same bytes.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var letters = String.UnicodeScalarView()
    letters.append(contentsOf: alphabet.scalars)
    let json: JSONValue = .object([
      "format": .number(LanguageModelBundle.formatVersion), "task": .string(LanguageModelBundle.task),
      "alphabet": .string(String(letters)),
      "architecture": try JSONValue.parse(Array(encoder.encode(architecture)), name: "architecture"),
    ])
    try OutputFile.write(json.indented, to: "\(folder)/configuration.json")
  }

  /// Loads a bundle.
  /// - Parameter path: the bundle's folder, or a run folder that holds one under `bundle`.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(contentsOf path: String) throws {
    let folder = try BundleFolder.find(path)
    let file = "\(folder)/configuration.json"
    let json = try JSONValue.contents(of: file)
    let (alphabet, architecture) = try LanguageModelBundle.header(json, file)
    let weights = "\(folder)/model.safetensors"
    let reader = try SafetensorsReader(weights)
    // Before memory is taken for a model: its weights must be in the file.
    let table = [architecture.vocabularySize, architecture.embeddingSize]
    guard reader.sizes("embedding.weight") == table else {
      let found = reader.sizes("embedding.weight").map { "\($0)" } ?? "none"
      throw Failure(.data, at: weights, "embedding.weight of shape \(table) expected, found \(found)")
    }
    guard Double(reader.elementCount) >= architecture.leastWeightCount else {
      throw Failure(
        .data, at: weights,
        "at least \(UInt64(architecture.leastWeightCount)) weights expected, found \(reader.elementCount)")
    }
    try reader.verifyDigest()
    var model = try LanguageModelBundle.blank(architecture, file)
    try model.load(reader, path: weights)
    for parameter in model.parameters where !parameter.tensor.isFinite {
      throw Failure(.data, at: weights, "finite weights expected, found others in \(parameter.name)")
    }
    self.init(alphabet: alphabet, architecture: architecture, model: model)
  }

  /// The checked content of the configuration.
  private static func header(
    _ json: JSONValue, _ file: String
  ) throws -> (CharacterAlphabet, RecurrentLanguageModelConfiguration) {
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
    let format = try member("format", "a format number") { $0.integerValue }
    guard format == formatVersion else {
      throw Failure(
        .data, at: file, "format \(formatVersion) expected, found \(format)", advice: "A newer Ensue wrote this bundle."
      )
    }
    _ = try member("task", "\"\(task)\"") { $0.stringValue == task ? true : nil }
    let alphabet = try member("alphabet", "characters in rising order, each once,") { value in
      value.stringValue.flatMap { text -> CharacterAlphabet? in
        let alphabet = CharacterAlphabet(text.unicodeScalars)
        return text.unicodeScalars.elementsEqual(alphabet.scalars) && !alphabet.scalars.isEmpty ? alphabet : nil
      }
    }
    let architecture = try member("architecture", "an architecture") { value in
      try? JSONDecoder().decode(RecurrentLanguageModelConfiguration.self, from: Data(value.description.utf8))
    }
    guard architecture.vocabularySize == alphabet.idCount, architecture.isPlausible else {
      throw Failure(
        .data, at: file,
        "architecture: sizes that fit an alphabet of \(alphabet.scalars.count) characters and each other expected")
    }
    return (alphabet, architecture)
  }

  /// A model with the cheapest first values: they are overwritten.
  private static func blank(
    _ architecture: RecurrentLanguageModelConfiguration, _ file: String
  ) throws -> RecurrentLanguageModel {
    var blank = architecture
    blank.inputInitializer = .uniform
    blank.recurrentInitializer = .uniform
    do {
      return try RecurrentLanguageModel(blank, key: RandomKey(seed: 0))
    } catch {
      throw Failure(.data, at: file, "architecture: \(error.place): \(error.problem)", advice: error.advice)
    }
  }
}

extension RecurrentLanguageModelConfiguration {
  /// Whether every size is within what Ensue builds.
  fileprivate var isPlausible: Bool {
    (2...0x110001).contains(vocabularySize) && (1...65_536).contains(embeddingSize)
      && (1...8192).contains(hiddenSize) && (1...64).contains(layerCount) && (0..<1).contains(dropout)
      && (0..<1).contains(recurrentDropout) && (0..<1).contains(zoneout) && leak > 0 && leak <= 1
      && forgetBias.isFinite
  }
}
