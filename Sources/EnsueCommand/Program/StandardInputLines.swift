// Lines of standard input, as many at once as have arrived: a file comes in large batches, a typed line at once.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads standard input by lines.
struct StandardInputLines {
  /// Lines of one batch at most.
  private static let batchLimit = 256
  private static let lineLimit = 1 << 20

  private var buffer: [UInt8] = []
  private var lineNumber = 0
  private var isAtEnd = false
  private var waiting: [String] = []

  init() {}

  /// The next lines, at least one; nil at the end.
  /// - Throws: `Failure` for a line that is no UTF-8 or too long, with its number.
  mutating func next() throws -> [String]? {
    while waiting.isEmpty && !isAtEnd { try fill() }
    guard !waiting.isEmpty else { return nil }
    let batch = Array(waiting.prefix(StandardInputLines.batchLimit))
    waiting.removeFirst(batch.count)
    return batch
  }

  private mutating func fill() throws {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    let count = piece.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
    if count < 0 && errno == EINTR { return }
    guard count >= 0 else { throw Failure.system(.inputOutput, at: "standard input", "reading failed") }
    isAtEnd = count == 0
    buffer += piece.prefix(count)
    var start = 0
    while let end = buffer[start...].firstIndex(of: UInt8(ascii: "\n")) {
      waiting.append(try line(buffer[start..<end]))
      start = end + 1
    }
    buffer.removeFirst(start)
    if isAtEnd && !buffer.isEmpty {
      waiting.append(try line(buffer[...]))
      buffer = []
    }
    guard buffer.count <= StandardInputLines.lineLimit else { throw tooLong() }
  }

  private mutating func line(_ bytes: ArraySlice<UInt8>) throws -> String {
    lineNumber += 1
    guard bytes.count <= StandardInputLines.lineLimit else { throw tooLong() }
    let content = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
    guard let text = String(validating: content, as: UTF8.self) else {
      throw Failure(
        .data, at: "standard input:\(lineNumber)", "UTF-8 expected, found other bytes in \(Failure.shown(content))")
    }
    return text
  }

  private func tooLong() -> Failure {
    Failure(
      .data, at: "standard input:\(lineNumber + 1)",
      "a line of at most \(StandardInputLines.lineLimit) bytes expected, found a longer one")
  }
}
