// Results. A reader who has had enough (`ensue … | head`) is no error: writing then throws `ReaderIsGone`, which
// Program turns into exit code 0, silently, after everything on the way was closed. A full disk is a Failure.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Standard output, buffered. On a terminal every line appears at once.
struct StandardOutput: ~Copyable {
  /// The reader of the pipe has closed it.
  struct ReaderIsGone: Error {}

  private var buffer: [UInt8] = []
  private let isTerminal = Terminal.outputIsTerminal
  private static let limit = 1 << 16

  /// Call once, at the start: also makes a closed pipe an error of `write` instead of the end of the process.
  init() {
    signal(SIGPIPE, SIG_IGN)
    buffer.reserveCapacity(StandardOutput.limit)
  }

  mutating func write(_ text: String) throws { try write(Array(text.utf8)) }

  mutating func write(_ bytes: [UInt8]) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= StandardOutput.limit || isTerminal && bytes.last == UInt8(ascii: "\n") { try flush() }
  }

  mutating func writeLine(_ text: String) throws {
    buffer.append(contentsOf: text.utf8)
    try write([UInt8(ascii: "\n")])
  }

  /// Hands everything on. Call it at the end, and where a program at the other end waits for an answer.
  mutating func flush() throws {
    if buffer.isEmpty { return }
    let code = buffer.withUnsafeBytes { SystemCalls.write($0, to: STDOUT_FILENO) }
    // What could not be written is not tried again.
    buffer.removeAll(keepingCapacity: true)
    if code == EPIPE { throw ReaderIsGone() }
    guard code == 0 else {
      throw Failure(.inputOutput, at: "standard output", "writing failed: \(String(cString: strerror(code)))")
    }
  }
}
