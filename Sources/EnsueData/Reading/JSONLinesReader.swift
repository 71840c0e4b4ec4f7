// One JSON value a line, with line numbers. What the values mean is JSONLinesReading's business.

import EnsueFiles

/// Reads the objects of a JSON-lines text with their line numbers.
public struct JSONLinesReader {
  private let text: SourceText
  private var lines: LineReader

  /// - Parameter lineLimit: the longest line accepted, in bytes.
  public init(_ text: SourceText, lineLimit: Int = DelimitedReader.defaultFieldLimit) {
    self.text = text
    lines = LineReader(text, limit: lineLimit)
  }

  /// Blank lines so far.
  public var blankLines: Int { lines.blankLines }

  /// The next line's number and value, or why it is no JSON; `nil` at the end.
  /// - Throws: `Failure` of kind `data` for a line that is too long or holds a lone carriage return.
  public mutating func next() throws -> (line: Int, value: Result<JSONValue, Failure>)? {
    guard let (line, bytes) = try lines.next() else { return nil }
    do {
      return (line, .success(try JSONValue.parse(Array(bytes), name: "\(text.path):\(line)")))
    } catch let failure as Failure {
      return (line, .failure(failure))
    }
  }
}
