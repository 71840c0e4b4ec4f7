// The unit one ships of a model of piano rolls: architecture, weights, and how pieces begin.
//
//   configuration.json   architecture, openings
//   model.safetensors    the weights

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A model of piano rolls with all it needs to write music.
public struct RollBundle: Sendable {
  public let architecture: RollModelConfiguration
  public let model: RollModel
  /// The first steps of the pieces that the model has learned from, as MIDI notes: a model says what follows, not how a
  /// piece begins.
  public let openings: [[Int]]

  private static let formatVersion = 1
  private static let task = BundleTaskKind.rolls

  public init(architecture: RollModelConfiguration, model: RollModel, openings: [[Int]]) {
    (self.architecture, self.model, self.openings) = (architecture, model, openings)
  }

  /// Writes the folder; each file appears whole or not at all, the configuration last.
  public func write(to folder: String) throws {
    try OutputFile.createDirectory(folder)
    try SafetensorsWriter.write(model.namedTensors, to: "\(folder)/model.safetensors")
    let json: JSONValue = .object([
      "format": .number(RollBundle.formatVersion), "task": .string(RollBundle.task.rawValue),
      "architecture": try BundleFields.encoded(architecture.withEquations(), name: "architecture"),
      "openings": .array(openings.map { .array($0.map { .number($0) }) }),
    ])
    try OutputFile.write(json.indented, to: "\(folder)/configuration.json")
  }

  /// Loads a bundle. Nothing in it is believed before it is checked.
  /// - Parameter path: the bundle's folder, or a run folder that holds one under `bundle`.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file.
  public init(contentsOf path: String) throws {
    let folder = try BundleFolder.find(path)
    let (architecture, openings) = try RollBundle.header(folder)
    let weights = "\(folder)/model.safetensors"
    let reader = try SafetensorsReader(weights)
    // Before memory is taken for a model: its weights must be in the file.
    try reader.require(elements: architecture.leastWeightCount)
    try reader.verifyDigest()
    var model = try RollBundle.blank(architecture, "\(folder)/configuration.json")
    try model.load(reader, path: weights)
    self.init(architecture: architecture, model: model, openings: openings)
  }

  /// The checked content of the configuration.
  private static func header(_ folder: String) throws -> (RollModelConfiguration, [[Int]]) {
    let fields = try BundleFields(folder: folder, task: task, format: formatVersion)
    let added = ["leak", "learnsInitialState", "normStabilizer", "gradientPropagation"]
    let architecture = try fields.decoded(
      "architecture", "an architecture", adding: added, of: RollModelConfiguration()
    ).withoutKnownEquations()
    guard architecture.isPlausible else {
      throw Failure(.data, at: fields.file, "architecture: an architecture of sizes that Ensue builds expected")
    }
    let openings = try fields.member("openings", "lists of notes of the model") { value in
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
      && (1...8192).contains(hiddenSize) && (1...64).contains(layerCount)
      && rates.allSatisfy((0..<1).contains) && leak > 0 && leak <= 1 && numbers.allSatisfy(\.isFinite)
  }

  private var rates: [Double] { [dropout, recurrentDropout, zoneout, cellOptions.chosen.memoryZoneout ?? 0] }

  private var numbers: [Double] { [forgetBias, normStabilizer, gradientPropagation] }
}
