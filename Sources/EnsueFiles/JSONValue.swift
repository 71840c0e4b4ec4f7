// Strict JSON (RFC 8259) as a tree: for weight-file headers, configurations and JSON lines, where a
// repeated key, a number such as `4.0` for a count or bytes after the end must be errors with a place.
// Foundation's decoder accepts the first silently and recurses as deep as its input asks.

/// A JSON value. Objects keep their keys in the order of the text; numbers keep their text.
public enum JSONValue: Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// The kind of value, for messages.
  public var kindName: String {
    switch self {
    case .null: "null"
    case .boolean: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }

  public var stringValue: String? { if case .string(let text) = self { text } else { nil } }
  public var booleanValue: Bool? { if case .boolean(let value) = self { value } else { nil } }
  public var arrayValue: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  public var objectValue: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// The number, when it is written as a plain integer (no point, no exponent) and fits.
  public var integerValue: Int? { if case .number(let text) = self { Int(text) } else { nil } }

  /// The number, when it is finite in double precision.
  public var doubleValue: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// A number that is exact in text; non-finite numbers, which JSON lacks, become the strings `NaN`, `inf`, `-inf`.
  public static func number(_ value: Double) -> JSONValue {
    if !value.isFinite { return .string(value.isNaN ? "NaN" : value > 0 ? "inf" : "-inf") }
    if let whole = Int(exactly: value), abs(whole) < 1 << 53 { return .number(String(whole)) }
    return .number("\(value)")
  }

  public static func number(_ value: Int) -> JSONValue { .number(String(value)) }
}

/// The members of a JSON object, in order; each key once.
public struct JSONObject: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  public private(set) var keys: [String] = []
  private var values: [[UInt8]: JSONValue] = [:]

  public init() {}

  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { self[key] = value }
  }

  /// Keys are compared byte by byte, not by Unicode's canonical equivalence.
  public subscript(key: String) -> JSONValue? {
    get { values[Array(key.utf8)] }
    set {
      let bytes = Array(key.utf8)
      let existed = values[bytes] != nil
      values[bytes] = newValue
      if newValue == nil {
        keys.removeAll { $0.utf8.elementsEqual(bytes) }
      } else if !existed {
        keys.append(key)
      }
    }
  }

  public var members: [(key: String, value: JSONValue)] {
    keys.compactMap { key in self[key].map { (key, $0) } }
  }

  public var isEmpty: Bool { keys.isEmpty }
}
