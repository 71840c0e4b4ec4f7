// configuration.json of a run: what was asked for, resolved, and what it was asked of.

import EnsueBundle
import EnsueEvaluation
import EnsueFiles

/// A part of a run's data, by its content.
struct RunDataPart: Sendable {
  /// Such as `training`.
  let name: String
  let digest: Digest
  /// A file that it is from, for messages.
  let path: String
}

/// The stored configuration of a run.
struct RunConfigurationFile<Configuration: RunConfiguration> {
  let path: String

  /// The file's content for a configuration and its data.
  func json(_ configuration: Configuration, _ parts: [RunDataPart]) -> JSONValue {
    var object: JSONObject = ["task": .string(Configuration.task), "version": .string(ensueVersion)]
    if case .object(let settings) = Configuration.settings.json(of: configuration) {
      for (key, value) in settings.members { object[key] = value }
    }
    var digests = JSONObject()
    for part in parts { digests[part.name] = .string(part.digest.description) }
    object["digests"] = .object(digests)
    return .object(object)
  }

  /// The stored configuration.
  func configuration() throws -> Configuration {
    let json = try JSONValue.contents(of: path)
    if json.objectValue?["format"] != nil, json.objectValue?["digests"] == nil {
      throw Failure(
        .data, at: path, "a run's configuration expected, found a bundle's",
        advice: "Name the run folder that holds it.")
    }
    if let name = json.objectValue?["task"]?.stringValue, name != Configuration.task,
      let task = BundleTaskKind(rawValue: name)
    {
      throw Failure(
        .configuration, at: path,
        "task: \(JSONValue.quoted(Configuration.task)) expected, found \(JSONValue.quoted(name))", advice: task.advice)
    }
    var configuration = Configuration()
    try Configuration.apply(json, to: &configuration, file: path)
    return configuration
  }

  /// Makes sure that a folder that holds a run holds this one.
  func requireSame(_ configuration: Configuration) throws {
    guard InputFile.exists(path) else { return }
    let stored = try self.configuration()
    guard stored != configuration else { return }
    let settings = Configuration.settings
    let difference = settings.settings.first { $0.get(stored) != $0.get(configuration) }
    let values = difference.map { "\($0.path) \($0.get(stored)), not \($0.get(configuration))" } ?? "other settings"
    throw Failure(
      .configuration, at: path, "this run was started with \(values)",
      advice: "Choose another --out for other settings.")
  }

  /// Makes sure that the data is what the run began with.
  func requireSameData(_ parts: [RunDataPart]) throws {
    guard InputFile.exists(path), let digests = try JSONValue.contents(of: path).objectValue?["digests"]?.objectValue
    else { return }
    for part in parts where digests[part.name] != .string(part.digest.description) {
      throw Failure(
        .data, at: part.path, "\(part.name) as it was when the run began expected, found other content",
        advice: "Choose another --out for other data.")
    }
  }
}

extension RunFolder {
  /// Whether the folder holds a run: it has a configuration with the digests of its data.
  var holdsRun: Bool {
    guard InputFile.exists(configuration), let json = try? JSONValue.contents(of: configuration) else { return false }
    return json.objectValue?["digests"] != nil
  }
}
