// Run folders for the tests of TensorBoard's event files.

import EnsueEvaluation
import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder that goes when the test is over.
struct TensorBoardFolder: ~Copyable {
  let directory: String
  var path: String { "\(directory)/\(TensorBoardLog.fileName)" }

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    directory = "\(base)/ensue-tensorboard-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try OutputFile.createDirectory(directory)
  }

  deinit {
    unlink(path)
    rmdir(directory)
  }

  func contents() throws -> [UInt8] { try InputFile.contents(of: path) }

  /// Writes the file in place; `OutputFile` would wait for the disk at each of a thousand damages.
  func write(_ bytes: [UInt8]) throws {
    guard let stream = fopen(path, "w") else { throw Failure.system(.cannotCreate, at: path, "cannot be created") }
    let count = fwrite(bytes, 1, bytes.count, stream)
    guard fclose(stream) == 0, count == bytes.count else {
      throw Failure.system(.inputOutput, at: path, "writing failed")
    }
  }

  func cut(to count: Int) throws {
    guard truncate(path, off_t(count)) == 0 else { throw Failure.system(.inputOutput, at: path, "cutting failed") }
  }
}
