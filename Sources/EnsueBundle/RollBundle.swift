// The unit one ships of a model of piano rolls: architecture, weights, and how pieces begin.
//
//   configuration.json   architecture, openings
//   model.safetensors    the weights

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import Foundation

/// A model of piano rolls with all it needs to write music.
public struct RollBundle: Sendable {
  public let architecture: RollModelConfiguration
  public let model: RollModel
  /// The first steps of the pieces that the model has learned from, as MIDI notes: a model says what follows, not how a
  /// piece begins.
  public let openings: [[Int]]

  private static let formatVersion = 1
  private static let task = "rolls"

  public init(architecture: RollModelConfiguration, model: RollModel, openings: [[Int]]) {
    (self.architecture, self.model, self.openings) = (architecture, model, openings)
  }

  /// Writes the folder; each file appears whole or not at all, the configuration last.
  public func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    try SafetensorsWriter.write(model.namedTensors, to: "\(folder)/model.safetensors")
    // Keys in one order, so that the same run writes the same bytes.
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json: JSONValue = .object([
      "format": .number(RollBundle.formatVersion), "task": .string(RollBundle.task),
      "architecture": try JSONValue.parse(Array(encoder.encode(architecture)), name: "architecture"),
      "openings": .array(openings.map { .array($0.map { .number($0) }) }),
    ])
    try OutputFile.write(json.indented, to: "\(folder)/configuration.json")
  }

  /// Loads a bundle. Nothing in it is believed before it is checked.
  /// - Parameter path: the bundle's folder, or a run folder that holds one under `bundle`.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(contentsOf path: String) throws {
    let folder = try BundleFolder.find(path)
    let file = "\(folder)/configuration.json"
    let (architecture, openings) = try RollBundle.header(JSONValue.contents(of: file), file)
    let weights = "\(folder)/model.safetensors"
    let reader = try SafetensorsReader(weights)
    // Before memory is taken for a model: its weights must be in the file.
    guard Double(reader.elementCount) >= architecture.leastWeightCount else {
      throw Failure(
        .data, at: weights,
        "at least \(UInt64(architecture.leastWeightCount)) weights expected, found \(reader.elementCount)")
    }
    try reader.verifyDigest()
    var model = try RollBundle.blank(architecture, file)
    try model.load(reader, path: weights)
    for parameter in model.parameters where !parameter.tensor.isFinite {
      throw Failure(.data, at: weights, "finite weights expected, found others in \(parameter.name)")
    }
    self.init(architecture: architecture, model: model, openings: openings)
  }

  /// The checked content of the configuration.
  private static func header(_ json: JSONValue, _ file: String) throws -> (RollModelConfiguration, [[Int]]) {
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
    _ = try member("task", "\"\(task)\"") { $0.stringValue == task ? true : nil }
    let format = try member("format", "a format number") { $0.integerValue }
    guard format == formatVersion else {
      throw Failure(
        .data, at: file, "format \(formatVersion) expected, found \(format)", advice: "A newer Ensue wrote this bundle."
      )
    }
    let architecture = try member("architecture", "an architecture of sizes that Ensue builds") { value in
      let read = try? JSONDecoder().decode(RollModelConfiguration.self, from: Data(value.description.utf8))
      return read.flatMap { $0.isPlausible ? $0 : nil }
    }
    let openings = try member("openings", "lists of notes of the model") { value in
      value.arrayValue.flatMap { list -> [[Int]]? in
        let notes = list.map { $0.arrayValue?.compactMap(\.integerValue) ?? [-1] }
        return notes.joined().allSatisfy { architecture.notes.contains($0) } ? notes : nil
      }
    }
    return (architecture, openings)
  }

  /// A model with the cheapest first values: they are overwritten.
  private static func blank(_ architecture: RollModelConfiguration, _ file: String) throws -> RollModel {
    var blank = architecture
    blank.inputInitializer = .uniform
    blank.recurrentInitializer = .uniform
    do {
      return try RollModel(blank, key: RandomKey(seed: 0))
    } catch {
      throw Failure(.data, at: file, "architecture: \(error.place): \(error.problem)", advice: error.advice)
    }
  }
}

extension RollModelConfiguration {
  /// Whether every size is within what Ensue builds.
  fileprivate var isPlausible: Bool {
    (0...127).contains(lowestNote) && (1...128).contains(noteCount) && lowestNote + noteCount <= 128
      && (1...8192).contains(hiddenSize) && (1...64).contains(layerCount) && (0..<1).contains(dropout)
      && (0..<1).contains(recurrentDropout) && (0..<1).contains(zoneout) && forgetBias.isFinite
  }
}
