// Everything that is not a result: notices, progress, the error at the end. Unbuffered; that it cannot be written
// is no reason to stop.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

enum StandardError {
  /// Writes text as it is.
  static func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { SystemCalls.write($0, to: STDERR_FILENO) }
  }

  /// Writes a line in one piece.
  static func writeLine(_ line: String) { write(line + "\n") }
}
