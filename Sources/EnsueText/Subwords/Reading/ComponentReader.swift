// The members of one object of a tokenizer.json: each read once, with its type; what nobody read is an error.

import EnsueFiles

/// Reads a JSON object strictly.
struct ComponentReader {
  /// The file and the way to the object in it, such as `tokenizer.json, normalizer.normalizers[1]`.
  let place: String
  private let object: JSONObject
  private var unread: [String]

  init(_ value: JSONValue, at place: String) throws {
    guard let object = value.objectValue else {
      throw Failure(.data, at: place, "an object expected, found \(value.kindName)")
    }
    self.place = place
    self.object = object
    unread = object.keys
  }

  func has(_ key: String) -> Bool { object[key] != nil }

  /// A member, or nil when it is missing or null.
  mutating func optional(_ key: String) -> JSONValue? {
    unread.removeAll { $0 == key }
    guard let value = object[key], value != .null else { return nil }
    return value
  }

  /// A member that has to be there.
  mutating func required(_ key: String) throws -> JSONValue {
    guard let value = optional(key) else { throw failure("the member '\(key)' expected, found none") }
    return value
  }

  mutating func string(_ key: String) throws -> String {
    try typed(key, try required(key), "a string", \.stringValue)
  }

  mutating func optionalString(_ key: String) throws -> String? {
    guard let value = optional(key) else { return nil }
    return try typed(key, value, "a string", \.stringValue)
  }

  mutating func boolean(_ key: String, default fallback: Bool? = nil) throws -> Bool {
    guard let value = optional(key) else {
      guard let fallback else { throw failure("the member '\(key)' expected, found none") }
      return fallback
    }
    return try typed(key, value, "true or false", \.booleanValue)
  }

  mutating func optionalBoolean(_ key: String) throws -> Bool? {
    guard let value = optional(key) else { return nil }
    return try typed(key, value, "true or false", \.booleanValue)
  }

  /// A whole number from 0 to 2³¹ − 1.
  mutating func count(_ key: String, default fallback: Int? = nil) throws -> Int {
    guard let value = optional(key) else {
      guard let fallback else { throw failure("the member '\(key)' expected, found none") }
      return fallback
    }
    return try ComponentReader.count(value, at: "\(place).\(key)")
  }

  mutating func array(_ key: String) throws -> [JSONValue] {
    try typed(key, try required(key), "an array", \.arrayValue)
  }

  /// One character, given as a string.
  mutating func scalar(_ key: String) throws -> Unicode.Scalar {
    let text = try string(key)
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1 else {
      throw failure("one character as '\(key)' expected, found \(Failure.shown(text))")
    }
    return scalar
  }

  /// The component's kind, spelled in the member `type`.
  mutating func kind<Kind: RawRepresentable & CaseIterable>(_ type: Kind.Type, _ noun: String) throws -> Kind
  where Kind.RawValue == String {
    let name = try string("type")
    if let kind = Kind(rawValue: name) { return kind }
    throw failure(
      "\(noun) expected (\(Kind.allCases.map(\.rawValue).joined(separator: ", "))), found \(Failure.shown(name))")
  }

  /// One of a list of names.
  mutating func name<Kind: RawRepresentable & CaseIterable>(
    _ key: String, _ type: Kind.Type, default fallback: Kind? = nil
  ) throws -> Kind where Kind.RawValue == String {
    guard let text = try optionalString(key) else {
      guard let fallback else { throw failure("the member '\(key)' expected, found none") }
      return fallback
    }
    if let kind = Kind(rawValue: text) { return kind }
    let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    throw failure("'\(key)' to be one of \(names) expected, found \(Failure.shown(text))")
  }

  /// The components of a list, each with its place.
  mutating func components<Component>(
    _ key: String, _ make: (JSONValue, String) throws -> Component
  ) throws -> [Component] {
    try array(key).enumerated().map { try make($1, "\(place).\(key)[\($0)]") }
  }

  /// - Throws: `Failure` when a member was not read.
  func end() throws {
    guard let key = unread.first else { return }
    let known = Failure.nearest(to: key, among: object.keys.filter { !unread.contains($0) })
    throw failure(
      "an unknown member \(Failure.shown(key)) was found", advice: known.map { "Is '\($0)' meant?" } ?? "")
  }

  func failure(_ problem: String, advice: String = "") -> Failure {
    Failure(.data, at: place, problem, advice: advice)
  }

  /// A whole number from 0 to 2³¹ − 1.
  static func count(_ value: JSONValue, at place: String) throws -> Int {
    guard let number = value.integerValue, 0...Int(Int32.max) ~= number else {
      throw Failure(.data, at: place, "a whole number from 0 to \(Int32.max) expected, found \(shown(value))")
    }
    return number
  }

  static func shown(_ value: JSONValue) -> String {
    switch value {
    case .number(let text): String(text.prefix(40))
    case .string(let text): Failure.shown(text)
    case .null, .boolean, .array, .object: value.kindName
    }
  }

  private func typed<Value>(
    _ key: String, _ value: JSONValue, _ noun: String, _ read: (JSONValue) -> Value?
  ) throws -> Value {
    guard let result = read(value) else {
      throw failure("\(noun) as '\(key)' expected, found \(ComponentReader.shown(value))")
    }
    return result
  }
}
