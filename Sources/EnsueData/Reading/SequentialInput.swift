// A file or standard input from its beginning to its end.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Reads bytes in their order; what comes through a pipe is read once.
struct SequentialInput: ~Copyable {
  /// For messages; `standard input` where the path is `-`.
  let path: String
  /// Bytes read.
  private(set) var count = 0
  private(set) var isAtEnd = false
  /// nil for standard input.
  private let file: OpenFile?

  /// An optional cannot lend what cannot be copied; a reference can.
  private final class OpenFile {
    let content: InputFile

    init(_ content: consuming InputFile) { self.content = content }
  }

  /// The most that is read of standard input at once: what a pipe holds.
  private static let pipeSize = 1 << 16

  /// - Throws: `Failure` when there is no such file.
  init(_ path: String) throws {
    self.path = path == "-" ? "standard input" : path
    file = path == "-" ? nil : OpenFile(try InputFile(path))
  }

  /// The next bytes: of a file as many as are wanted, of standard input those that have come. None at the end.
  mutating func next(_ limit: Int) throws -> [UInt8] {
    guard let file else { return try nextOfStandardInput(min(limit, SequentialInput.pipeSize)) }
    let bytes = try file.content.bytes(at: count, count: min(limit, file.content.size - count))
    count += bytes.count
    isAtEnd = count >= file.content.size
    return bytes
  }

  private mutating func nextOfStandardInput(_ limit: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    while true {
      let found = bytes.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if found < 0 && errno == EINTR { continue }
      guard found >= 0 else { throw Failure.system(.inputOutput, at: path, "reading failed") }
      count += found
      isAtEnd = found == 0
      return Array(bytes.prefix(found))
    }
  }
}
