// The members of a bundle's configuration. What is in them, their own tasks check.

import EnsueFiles
import Foundation

/// The object in a bundle's configuration.json.
struct BundleFields {
  /// For messages.
  let file: String
  private let object: JSONObject

  /// - Throws: `Failure` of kind `missing`, or `data` for a bundle of another task or format.
  init(folder: String, task: BundleTaskKind, format: Int) throws {
    file = "\(folder)/configuration.json"
    let json = try JSONValue.contents(of: file)
    guard let object = json.objectValue else {
      throw Failure(.data, at: file, "an object expected, found \(json.kindName)")
    }
    self.object = object
    // The task first: each has formats of its own.
    let name: String = try member("task", JSONValue.quoted(task.rawValue)) { $0.stringValue }
    guard name == task.rawValue else {
      throw Failure(
        .data, at: file, "task: \(JSONValue.quoted(task.rawValue)) expected, found \(Failure.shown(name))",
        advice: BundleTaskKind(rawValue: name)?.advice ?? "")
    }
    let found: Int = try member("format", "a format number") { $0.integerValue }
    guard found == format else {
      throw Failure(
        .data, at: file, "format \(format) expected, found \(found)",
        advice: found > format ? "A newer Ensue wrote this bundle." : "Train the model again.")
    }
  }

  func has(_ key: String) -> Bool { object[key] != nil }

  /// A member by what is expected of it.
  func member<Value>(_ key: String, _ what: String, _ read: (JSONValue) throws -> Value?) throws -> Value {
    guard let value = object[key], let result = try read(value) else {
      throw Failure(
        .data, at: file, "\(key): \(what) expected, found \(object[key].map { Failure.shown("\($0)") } ?? "nothing")")
    }
    return result
  }

  /// A member that decodes itself.
  func decoded<Value: Decodable>(_ key: String, _ what: String, as type: Value.Type = Value.self) throws -> Value {
    try member(key, what) { try? JSONDecoder().decode(type, from: Data($0.description.utf8)) }
  }

  /// The same, where members were added after some bundles had been written: these have the values of `defaults`.
  func decoded<Value: Codable>(
    _ key: String, _ what: String, adding added: [String], of defaults: Value
  ) throws -> Value {
    let complete = try BundleFields.encoded(defaults, name: key).objectValue
    return try member(key, what) { value -> Value? in
      guard case .object(var members) = value else { return nil }
      for name in added where members[name] == nil { members[name] = complete?[name] }
      return try? JSONDecoder().decode(Value.self, from: Data(JSONValue.object(members).description.utf8))
    }
  }

  /// A value as a bundle has it: keys in one order, so that the same run writes the same bytes.
  static func encoded(_ value: some Encodable, name: String) throws -> JSONValue {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try JSONValue.parse(Array(encoder.encode(value)), name: name)
  }
}
