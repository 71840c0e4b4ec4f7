// configuration.json of a run: what was asked for, resolved, and what it was asked of.

import EnsueData
import EnsueFiles

/// Ensue's version, as runs record it.
public let ensueVersion = "0.1.0"

/// The stored configuration of a run.
struct RunConfigurationFile {
  let path: String

  /// The file's content for a configuration and its data.
  func json(_ configuration: ClassificationConfiguration, _ splits: DataSplits) -> JSONValue {
    var object: JSONObject = ["task": .string("classify"), "version": .string(ensueVersion)]
    if case .object(let settings) = ClassificationConfiguration.settings.json(of: configuration) {
      for (key, value) in settings.members { object[key] = value }
    }
    var digests = JSONObject()
    for part in splits.parts { digests[part.name] = .string(part.contentDigest.description) }
    object["digests"] = .object(digests)
    return .object(object)
  }

  /// The stored configuration.
  func configuration() throws -> ClassificationConfiguration {
    let json = try JSONValue.contents(of: path)
    if json.objectValue?["format"] != nil, json.objectValue?["digests"] == nil {
      throw Failure(
        .data, at: path, "a run's configuration expected, found a bundle's",
        advice: "Name the run folder that holds it.")
    }
    var configuration = ClassificationConfiguration()
    try ClassificationConfiguration.apply(json, to: &configuration, file: path)
    return configuration
  }

  /// Whether a folder holds a run: it has a configuration with the digests of its data.
  static func isPresent(in folder: RunFolder) -> Bool {
    guard InputFile.exists(folder.configuration), let json = try? JSONValue.contents(of: folder.configuration) else {
      return false
    }
    return json.objectValue?["digests"] != nil
  }

  /// Makes sure that a folder that holds a run holds this one.
  func requireSame(_ configuration: ClassificationConfiguration) throws {
    guard InputFile.exists(path) else { return }
    let stored = try self.configuration()
    guard stored != configuration else { return }
    let settings = ClassificationConfiguration.settings
    let difference = settings.settings.first { $0.get(stored) != $0.get(configuration) }
    let values = difference.map { "\($0.path) \($0.get(stored)), not \($0.get(configuration))" } ?? "other settings"
    throw Failure(
      .configuration, at: path, "this run was started with \(values)",
      advice: "Choose another --out for other settings.")
  }

  /// Makes sure that the data is what the run began with.
  func requireSameData(_ splits: DataSplits) throws {
    guard InputFile.exists(path), let digests = try JSONValue.contents(of: path).objectValue?["digests"]?.objectValue
    else { return }
    for part in splits.parts where digests[part.name] != .string(part.contentDigest.description) {
      throw Failure(
        .data, at: part.report.files.first?.path ?? part.name,
        "\(part.name) as it was when the run began expected, found other content",
        advice: "Choose another --out for other data.")
    }
  }
}

extension ClassificationConfiguration {
  /// Keys of a run's configuration file beside the settings.
  private static let extraKeys = ["task", "version", "digests"]

  /// Applies a configuration file.
  /// - Throws: `Failure` of kind `configuration` for what is unknown, out of range, or of another task.
  package static func apply(_ json: JSONValue, to configuration: inout Self, file: String) throws {
    if let task = json.objectValue?["task"], task != .string("classify") {
      throw Failure(.configuration, at: file, "task: \"classify\" expected, found \(task)")
    }
    try settings.apply(json: json, to: &configuration, file: file, ignoring: extraKeys)
  }
}
