// What the tests of this target share: a folder that goes away, random numbers that come again, the data folder.

import EnsueFiles

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A folder for one test; removed with all its files at the end.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/ensue-text-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw Failure.system(.cannotCreate, at: "/tmp", "no folder") }
    path = String(cString: made)
  }

  deinit { TemporaryFolder.remove(path) }

  /// Writes a file and gives its path.
  func write(_ bytes: [UInt8], to name: String = "vectors.txt") throws -> String {
    try OutputFile.write(bytes, to: "\(path)/\(name)")
    return "\(path)/\(name)"
  }

  func write(_ text: String, to name: String = "vectors.txt") throws -> String { try write(Array(text.utf8), to: name) }

  private static func remove(_ path: String) {
    chmod(path, 0o755)
    for name in (try? InputFile.names(in: path)) ?? [] {
      let inner = "\(path)/\(name)"
      if InputFile.isDirectory(inner) { remove(inner) } else { unlink(inner) }
    }
    rmdir(path)
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// The folder of real data sets: `ENSUE_DATA`, else `../shared/data` beside the package.
let dataFolder: String = {
  if let folder = getenv("ENSUE_DATA") { return String(cString: folder) }
  let parts = #filePath.split(separator: "/").dropLast(4)
  return "/" + parts.joined(separator: "/") + "/shared/data"
}()

func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

extension TemporaryFolder {
  /// Writes without making durable, for tests of many small files.
  static func writeQuickly(_ bytes: [UInt8], to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure.system(.cannotCreate, at: path, "cannot be created") }
    defer { close(descriptor) }
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
      throw Failure.system(.inputOutput, at: path, "writing failed")
    }
  }
}
