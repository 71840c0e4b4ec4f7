// The files of sentence-transformers (Reimers and Gurevych, Sentence-BERT, 2019): which modules follow one another, how
// states are pooled, how long a sentence may be.

import EnsueFiles
import EnsueModels

/// What modules.json and the files that it names say.
public struct SentenceModules: Sendable, Equatable {
  /// The folder of the Transformer.
  let encoderFolder: String
  public let pooling: SentencePooling
  /// Tokens of the longest sentence; nil where nothing is said.
  let maximumLength: Int?
  /// Whether sentences are lower-cased before the tokenizer reads them.
  let lowercases: Bool
  /// What every sentence is to begin with; empty for nothing.
  public let prompt: String

  /// What the modules are, by the last part of their type.
  private enum ModuleKind: String, CaseIterable {
    case transformer = "Transformer"
    case pooling = "Pooling"
    case normalize = "Normalize"
  }

  /// - Returns: nil for a folder without modules.json.
  /// - Throws: `Failure` of kind `missing` or `data` for modules that are not built, or not in the order Transformer,
  ///   Pooling, Normalize.
  init?(folder: String) throws {
    let file = "\(folder)/modules.json"
    guard InputFile.exists(file) else { return nil }
    guard let modules = try JSONValue.contents(of: file).arrayValue, (2...3).contains(modules.count) else {
      throw Failure(.data, at: file, "an array of two or three modules expected")
    }
    let parts = try modules.map { try SentenceModules.part($0, folder, file) }
    guard parts.map(\.kind) == Array(ModuleKind.allCases.prefix(parts.count)) else {
      let found = parts.map(\.kind.rawValue).joined(separator: ", ")
      throw Failure(.data, at: file, "Transformer, Pooling and perhaps Normalize expected, found \(found)")
    }
    encoderFolder = parts[0].folder
    let config = "\(parts[1].folder)/config.json"
    let said = try SentenceModules.object(config)
    pooling = try SentencePooling(said, normalizes: parts.count == 3, path: config)
    prompt = try SentenceModules.prompt(folder: folder)
    guard try prompt.isEmpty || SentenceModules.flag("include_prompt", said, default: true, at: config) else {
      throw Failure(
        .data, at: config, "include_prompt: true expected where there is a default prompt, found false",
        advice: "States of prompts are always pooled with the others.")
    }
    let settings = "\(encoderFolder)/sentence_bert_config.json"
    let limits = try InputFile.exists(settings) ? SentenceModules.object(settings) : JSONObject()
    maximumLength = try SentenceModules.length(limits, at: settings)
    lowercases = try SentenceModules.flag("do_lower_case", limits, default: false, at: settings)
  }

  private static func part(_ value: JSONValue, _ folder: String, _ file: String) throws -> (
    kind: ModuleKind, folder: String
  ) {
    guard let type = value.objectValue?["type"]?.stringValue, let path = value.objectValue?["path"]?.stringValue else {
      throw Failure(.data, at: file, "modules with a path and a type expected")
    }
    let name = type.split(separator: ".").last.map(String.init) ?? ""
    guard let kind = ModuleKind(rawValue: name) else {
      let known = ModuleKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw Failure(.data, at: file, "type: one of \(known) expected, found \(Failure.shown(type))")
    }
    let isPlain = path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }
    guard isPlain, !path.hasPrefix("."), path.utf8.count <= 255 else {
      throw Failure(.data, at: file, "path: a folder beside it expected, found \(Failure.shown(path))")
    }
    return (kind, path.isEmpty ? folder : "\(folder)/\(path)")
  }

  private static func object(_ path: String) throws -> JSONObject {
    let json = try JSONValue.contents(of: path)
    guard let object = json.objectValue else {
      throw Failure(.data, at: path, "an object expected, found \(json.kindName)")
    }
    return object
  }

  /// The prompt that config_sentence_transformers.json names as the default one. Others are of uses that the commands do
  /// not ask for, such as queries.
  private static func prompt(folder: String) throws -> String {
    let path = "\(folder)/config_sentence_transformers.json"
    guard InputFile.exists(path) else { return "" }
    let settings = try object(path)
    guard let value = settings["default_prompt_name"], value != .null else { return "" }
    guard let name = value.stringValue, let prompt = settings["prompts"]?.objectValue?[name]?.stringValue else {
      throw Failure(
        .data, at: path,
        "default_prompt_name: the name of one of prompts expected, found \(PretrainedFolder.shown(value))")
    }
    return prompt
  }

  private static func flag(
    _ key: String, _ settings: JSONObject, default fallback: Bool, at path: String
  ) throws(Failure) -> Bool {
    guard let value = settings[key], value != .null else { return fallback }
    guard let flag = value.booleanValue else {
      throw Failure(.data, at: path, "\(key): true or false expected, found \(PretrainedFolder.shown(value))")
    }
    return flag
  }

  private static func length(_ settings: JSONObject, at path: String) throws(Failure) -> Int? {
    guard let value = settings["max_seq_length"], value != .null else { return nil }
    guard let length = value.integerValue, (1...1 << 24).contains(length) else {
      throw Failure(
        .data, at: path,
        "max_seq_length: a number of tokens from 1 to 16777216 expected, found \(PretrainedFolder.shown(value))")
    }
    return length
  }
}
