// Lines of standard input, as many at once as have arrived: a file comes in large batches, a typed line at once.

import EnsueFiles

/// Reads standard input by lines.
struct StandardInputLines {
  private static let lineLimit = 1 << 20

  private var buffer: [UInt8] = []
  private var lineNumber = 0
  private var isAtEnd = false
  /// Whether what is read next belongs to a line that was too long.
  private var isInsideLongLine = false
  private var waiting: [String] = []
  /// Of the line after those that wait.
  private var failure: Failure?

  init() {}

  /// The next lines, at least one and at most `limit`; nil at the end.
  /// - Throws: `Failure` for a line that is no UTF-8 or too long, with its number, when all before it were given; the
  ///   call after it goes on with the next line.
  mutating func next(limit: Int = 256) throws -> [String]? {
    while waiting.isEmpty {
      if let found = failure.take() { throw found }
      if isAtEnd && buffer.isEmpty { return nil }
      try fill()
    }
    let batch = Array(waiting.prefix(limit))
    waiting.removeFirst(batch.count)
    return batch
  }

  /// Takes lines from what was read, and reads where there is none.
  private mutating func fill() throws {
    takeLines()
    guard waiting.isEmpty, failure == nil else { return }
    guard !isAtEnd else {
      // The last line has no end.
      let rest = buffer[...]
      buffer = []
      do throws(Failure) { waiting = [try line(rest)] } catch { failure = error }
      return
    }
    guard buffer.count <= StandardInputLines.lineLimit else {
      (buffer, isInsideLongLine) = ([], true)
      lineNumber += 1
      throw tooLong()
    }
    let piece = try SystemCalls.readStandardInput()
    isAtEnd = piece.isEmpty
    guard isInsideLongLine else {
      buffer += piece
      return
    }
    guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else { return }
    isInsideLongLine = false
    buffer += piece[(end + 1)...]
  }

  private mutating func takeLines() {
    var start = 0
    while failure == nil, let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
      do throws(Failure) { waiting.append(try line(buffer[start..<end])) } catch { failure = error }
      start = end + 1
    }
    buffer.removeFirst(start)
  }

  private mutating func line(_ bytes: ArraySlice<UInt8>) throws(Failure) -> String {
    lineNumber += 1
    guard bytes.count <= StandardInputLines.lineLimit else { throw tooLong() }
    let content = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      throw Failure(
        .data, at: "standard input:\(lineNumber)", "UTF-8 expected, found other bytes in \(Failure.shown(content))")
    }
    return text
  }

  /// Of the line that was counted last.
  private func tooLong() -> Failure {
    Failure(
      .data, at: "standard input:\(lineNumber)",
      "a line of at most \(StandardInputLines.lineLimit) bytes expected, found a longer one")
  }
}
