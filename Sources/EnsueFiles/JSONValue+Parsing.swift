// Bytes to a JSON tree. Depth is bounded, so the recursion is too.

extension JSONValue {
  /// The deepest nesting accepted.
  public static let depthLimit = 64

  /// Parses one JSON value that fills `bytes`; white space around it is allowed.
  /// - Parameters:
  ///   - name: the file, for messages.
  ///   - offset: where `bytes` begin in the file, for messages.
  /// - Throws: `Failure` of kind `data` with the byte at fault.
  public static func parse(_ bytes: [UInt8], name: String, offset: Int = 0) throws -> JSONValue {
    var parser = JSONParser(bytes: bytes, name: name, offset: offset)
    return try parser.document()
  }

  /// Reads a JSON file.
  public static func contents(of path: String, limit: Int = 64 << 20) throws -> JSONValue {
    let bytes = try InputFile.contents(of: path, limit: limit)
    if let found = MistakenContent(bytes, path: path) {
      throw Failure(.data, at: path, "JSON expected, found \(found.title)", advice: found.advice)
    }
    return try parse(bytes, name: path)
  }
}

private struct JSONParser {
  let bytes: [UInt8]
  let name: String
  let offset: Int
  var position = 0

  init(bytes: [UInt8], name: String, offset: Int) {
    self.bytes = bytes
    self.name = name
    self.offset = offset
  }

  mutating func document() throws -> JSONValue {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure("JSON expected, found a byte order mark") }
    let value = try value(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw failure("the end expected, found more text") }
    return value
  }

  private func failure(_ problem: String) -> Failure {
    Failure(.data, at: "\(name)@\(offset + position)", problem)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    skipSpace()
    guard depth < JSONValue.depthLimit else { throw failure("nesting deeper than \(JSONValue.depthLimit)") }
    guard position < bytes.count else { throw failure("a value expected, found the end") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try .object(object(depth: depth))
    case UInt8(ascii: "["): return try .array(array(depth: depth))
    case UInt8(ascii: "\""): return try .string(string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try .number(number())
    default: throw failure("a JSON value expected, found \(Failure.shown([bytes[position]]))")
    }
  }

  private mutating func word(_ text: String, _ value: JSONValue) throws -> JSONValue {
    guard bytes[position...].starts(with: text.utf8) else { throw failure("\(text) expected") }
    position += text.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws -> JSONObject {
    var object = JSONObject()
    position += 1
    skipSpace()
    if take("}") { return object }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("a key in quotes expected")
      }
      let start = position
      let key = try string()
      guard object[key] == nil else {
        position = start
        throw failure("\(Failure.shown(key)) appears twice")
      }
      skipSpace()
      guard take(":") else { throw failure("':' expected after the key \(Failure.shown(key))") }
      object[key] = try value(depth: depth + 1)
      skipSpace()
      if take("}") { return object }
      guard take(",") else { throw failure("',' or '}' expected") }
    }
  }

  private mutating func array(depth: Int) throws -> [JSONValue] {
    var values: [JSONValue] = []
    position += 1
    skipSpace()
    if take("]") { return values }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return values }
      guard take(",") else { throw failure("',' or ']' expected") }
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
  private mutating func number() throws -> String {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws {
    let start = position
    while position < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[position] { position += 1 }
    guard position > start else { throw failure("a digit expected") }
  }

  private mutating func string() throws -> String {
    let opening = position
    position += 1
    var text: [UInt8] = []
    while true {
      guard position < bytes.count else {
        throw failure("the end came inside the string that began at byte \(offset + opening)")
      }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") { break }
      guard byte >= 0x20 else { throw failure("a control character must be escaped in a string") }
      if byte == UInt8(ascii: "\\") {
        try escape(into: &text)
      } else {
        text.append(byte)
        position += 1
      }
    }
    guard let result = String(validating: text, as: UTF8.self) else {
      position = opening
      throw failure("invalid UTF-8 in a string")
    }
    position += 1
    return result
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    position += 1
    guard position < bytes.count else { throw failure("the end came inside a string") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: String(try unicodeEscape()).utf8)
    default:
      position -= 1
      throw failure("unknown escape \(Failure.shown([UInt8(ascii: "\\"), byte]))")
    }
  }

  /// Four hexadecimal digits, with the second half of a surrogate pair where the first asks for it.
  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take("\\"), take("u") else { throw failure("half of a surrogate pair") }
    let second = try hexadecimal()
    guard 0xDC00...0xDFFF ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure("half of a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard position + 4 <= bytes.count,
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16),
      bytes[position] != UInt8(ascii: "+"), bytes[position] != UInt8(ascii: "-")
    else { throw failure("four hexadecimal digits expected") }
    position += 4
    return value
  }
}
