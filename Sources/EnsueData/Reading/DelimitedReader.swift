// Rows of fields: CSV after RFC 4180 and TSV. Works on bytes; knows nothing of headers, labels or texts.

import EnsueFiles

/// Reads rows of fields separated by a byte.
///
/// A row ends with LF or CRLF; the last may lack it. Lines with nothing in them are passed over and counted. A quote
/// inside a field that does not begin with one is ordinary text.
public struct DelimitedReader: Sendable {
  /// A row with the line it begins on.
  public struct Row: Sendable, Equatable {
    public let line: Int
    public let fields: [[UInt8]]
  }

  /// The longest field accepted unless told otherwise, in bytes.
  public static let defaultFieldLimit = 4 << 20

  private let text: SourceText
  private let delimiter: UInt8
  private let quoting: QuotingKind
  private let fieldLimit: Int
  private var position = 0
  private var line = 1
  private var lineStart = 0
  /// Empty lines so far.
  public private(set) var blankLines = 0

  public init(_ text: SourceText, delimiter: UInt8, quoting: QuotingKind, fieldLimit: Int = defaultFieldLimit) {
    self.text = text
    self.delimiter = delimiter
    self.quoting = quoting
    self.fieldLimit = fieldLimit
  }

  /// The next row; `nil` at the end.
  /// - Throws: `Failure` of kind `data` with file and line.
  public mutating func next() throws -> Row? {
    while position < text.bytes.count, try takeLineEnd() { blankLines += 1 }
    guard position < text.bytes.count else { return nil }
    let start = line
    var fields: [[UInt8]] = []
    while true {
      fields.append(try field())
      guard position < text.bytes.count else { break }
      if text.bytes[position] == delimiter {
        position += 1
      } else if try takeLineEnd() {
        break
      }
    }
    return Row(line: start, fields: fields)
  }

  private mutating func field() throws -> [UInt8] {
    if quoting == .minimal, position < text.bytes.count, text.bytes[position] == UInt8(ascii: "\"") {
      return try quotedField()
    }
    let start = position
    while position < text.bytes.count {
      let byte = text.bytes[position]
      if byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      position += 1
    }
    guard position - start <= fieldLimit else { throw tooLong(line: line) }
    return Array(text.bytes[start..<position])
  }

  private mutating func quotedField() throws -> [UInt8] {
    let opening = (line: line, column: position - lineStart + 1)
    var field: [UInt8] = []
    position += 1
    while true {
      guard position < text.bytes.count else {
        throw Failure(
          .data, at: "\(text.path):\(opening.line)",
          "a closing quote for the one opened at column \(opening.column) expected, found the end of the file",
          advice: "Double a quote that belongs to the text, or read without quoting: --quoting off.")
      }
      guard field.count <= fieldLimit else { throw tooLong(line: opening.line) }
      let byte = text.bytes[position]
      position += 1
      if byte == UInt8(ascii: "\"") {
        guard position < text.bytes.count, text.bytes[position] == UInt8(ascii: "\"") else { break }
        position += 1
      } else if byte == UInt8(ascii: "\n") {
        line += 1
        lineStart = position
      }
      field.append(byte)
    }
    try checkAfterQuote()
    return field
  }

  private func checkAfterQuote() throws {
    guard position < text.bytes.count else { return }
    let byte = text.bytes[position]
    if byte == delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return }
    throw Failure(
      .data, at: "\(text.path):\(line)",
      "a separator or the end of the line after a closing quote expected,"
        + " found \(Failure.shown(text.bytes[position...].prefix(while: { $0 != 10 && $0 != 13 }).prefix(20)))"
        + " at column \(position - lineStart + 1)",
      advice: "Double a quote that belongs to the text, or read without quoting: --quoting off.")
  }

  /// Takes LF or CRLF when one stands here.
  private mutating func takeLineEnd() throws -> Bool {
    let byte = text.bytes[position]
    guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else { return false }
    if byte == UInt8(ascii: "\r") {
      guard position + 1 < text.bytes.count, text.bytes[position + 1] == UInt8(ascii: "\n") else {
        throw LineReader.loneReturn(at: "\(text.path):\(line)", column: position - lineStart + 1)
      }
      position += 1
    }
    position += 1
    line += 1
    lineStart = position
    return true
  }

  private func tooLong(line: Int) -> Failure {
    Failure(
      .data, at: "\(text.path):\(line)", "a field of at most \(fieldLimit) bytes expected, found a longer one",
      advice: "A quote may be unclosed.")
  }
}
