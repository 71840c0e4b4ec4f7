// Reads the members of one JSON object of a log: each key by its type, none twice, none left over.

import EnsueFiles

/// The members of an object with the place they stand at, for messages.
public struct JSONFields {
  private let object: JSONObject
  private let place: String
  /// The path of the object inside its line, for messages: empty or `validation.`.
  private let prefix: String

  /// Counts above 2^53 are not exact in every JSON reader, and no run reaches them.
  static let largestCount = 1 << 53

  init(_ value: JSONValue, place: String, prefix: String = "") throws {
    guard case .object(let object) = value else {
      let subject = prefix.isEmpty ? "" : "'\(prefix.dropLast())': "
      throw JSONFields.failure(place, "\(subject)an object expected, found \(value.kindName)")
    }
    self.object = object
    self.place = place
    self.prefix = prefix
  }

  static func failure(_ place: String, _ problem: String) -> Failure {
    Failure(.data, at: place, problem, advice: "Restore the file, or train the run again.")
  }

  func failure(_ key: String, _ expected: String) -> Failure {
    let found =
      switch object[key] {
      case nil: "nothing"
      case .number(let text)?: Failure.shown(text)
      case .string(let text)?: Failure.shown(text)
      case let value?: value.kindName
      }
    return JSONFields.failure(place, "'\(prefix)\(key)': \(expected) expected, found \(found)")
  }

  /// Refuses members that are not in `keys`.
  func allow(_ keys: [String]) throws {
    for key in object.keys where !keys.contains(where: { $0.utf8.elementsEqual(key.utf8) }) {
      throw JSONFields.failure(place, "one of \(keys.joined(separator: ", ")) expected, found \(Failure.shown(key))")
    }
  }

  func has(_ key: String) -> Bool { object[key].map { $0 != .null } ?? false }

  func string(_ key: String) throws -> String {
    guard let text = object[key]?.stringValue else { throw failure(key, "a string") }
    return text
  }

  /// A count: a whole number from 0 to 2^53.
  func count(_ key: String) throws -> Int {
    guard let value = object[key]?.integerValue, 0...JSONFields.largestCount ~= value else {
      throw failure(key, "a whole number from 0 on")
    }
    return value
  }

  func optionalCount(_ key: String) throws -> Int? { has(key) ? try count(key) : nil }

  /// A number; the strings `NaN`, `inf` and `-inf` stand for what JSON cannot write.
  func number(_ key: String) throws -> Double {
    switch object[key] {
    case .string("NaN"): return .nan
    case .string("inf"): return .infinity
    case .string("-inf"): return -.infinity
    case let value?:
      guard let number = value.doubleValue else { throw failure(key, "a number") }
      return number
    case nil: throw failure(key, "a number")
    }
  }

  func strings(_ key: String) throws -> [String] {
    guard let values = object[key]?.arrayValue else { throw failure(key, "an array of strings") }
    return try values.map {
      guard let text = $0.stringValue else { throw failure(key, "an array of strings") }
      return text
    }
  }

  /// Rows of counts.
  func countRows(_ key: String) throws -> [[Int]] {
    let expected = "an array of arrays of whole numbers from 0 on"
    guard let rows = object[key]?.arrayValue else { throw failure(key, expected) }
    return try rows.map { row in
      guard let values = row.arrayValue else { throw failure(key, expected) }
      return try values.map { value in
        guard let count = value.integerValue, 0...JSONFields.largestCount ~= count else { throw failure(key, expected) }
        return count
      }
    }
  }

  /// The object under `key`.
  func fields(_ key: String) throws -> JSONFields {
    guard let value = object[key] else { throw failure(key, "an object") }
    return try JSONFields(value, place: place, prefix: "\(prefix)\(key).")
  }
}
