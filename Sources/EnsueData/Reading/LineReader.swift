// Lines of a text, by bytes: LF or CRLF ends a line, the last may lack it.

import EnsueFiles

/// Reads the lines of a text, passing over empty ones or not.
struct LineReader {
  private let text: SourceText
  private let limit: Int
  private var position = 0
  private var line = 0
  /// Lines with nothing or only blanks in them.
  private(set) var blankLines = 0

  /// - Parameter limit: the longest line accepted, in bytes.
  init(_ text: SourceText, limit: Int) {
    self.text = text
    self.limit = limit
  }

  /// The next line that is not blank, without its end.
  /// - Throws: `Failure` when a carriage return stands alone or the line is too long.
  mutating func next() throws -> (line: Int, bytes: ArraySlice<UInt8>)? {
    while let next = try nextOfAll() {
      if !next.bytes.allSatisfy(\.isBlank) { return next }
      blankLines += 1
    }
    return nil
  }

  /// The next line, blank or not, without its end.
  /// - Throws: `Failure` when a carriage return stands alone or the line is too long.
  mutating func nextOfAll() throws -> (line: Int, bytes: ArraySlice<UInt8>)? {
    let bytes = text.bytes
    guard position < bytes.count else { return nil }
    line += 1
    let start = position
    var end = position
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    position = end + 1
    if end > start, end < bytes.count, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    guard end - start <= limit else {
      throw Failure(
        .data, at: "\(text.path):\(line)", "a line of at most \(limit) bytes expected, found \(end - start)")
    }
    let content = bytes[start..<end]
    if let lone = content.firstIndex(of: UInt8(ascii: "\r")) {
      throw LineReader.loneReturn(at: "\(text.path):\(line)", column: lone - start + 1)
    }
    return (line, content)
  }

  static func loneReturn(at place: String, column: Int) -> Failure {
    Failure(
      .data, at: place, "a line end (LF or CRLF) expected, found a lone carriage return at column \(column)",
      advice: "Convert the line ends to LF.")
  }
}
