// Safetensors files built byte by byte, for tests: nothing here knows what a good file is.

import EnsueFiles
import EnsueTensor
import EnsueTestSupport
import Foundation

enum SafetensorsBytes {
  /// A length as the format writes it.
  static func length(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  /// A header under its true length, and the data.
  static func file(_ header: [UInt8], data: [UInt8] = []) -> [UInt8] {
    length(UInt64(header.count)) + header + data
  }

  /// A header of text and `count` bytes of data: 0, 1, 2, …
  static func file(_ header: String, data count: Int = 0) -> [UInt8] {
    file(Array(header.utf8), data: (0..<count).map { UInt8(truncatingIfNeeded: $0) })
  }

  /// A member of the header, from the text of its parts; nil leaves a part out.
  static func entry(
    _ name: String = "a", _ dtype: String? = #""F32""#, _ shape: String? = "[1]", _ offsets: String? = "[0,4]"
  ) -> String {
    let parts = [("dtype", dtype), ("shape", shape), ("data_offsets", offsets)].compactMap { key, value in
      value.map { "\"\(key)\":\($0)" }
    }
    return "\"\(name)\":{\(parts.joined(separator: ","))}"
  }

  /// A file of one tensor; four bytes of data unless told otherwise.
  static func one(
    _ dtype: String? = #""F32""#, _ shape: String? = "[1]", _ offsets: String? = "[0,4]", data count: Int = 4
  ) -> [UInt8] {
    file("{\(entry("a", dtype, shape, offsets))}", data: count)
  }

  /// A file of the given members.
  static func members(_ members: String..., data count: Int) -> [UInt8] {
    file("{\(members.joined(separator: ","))}", data: count)
  }

  /// Writes the bytes without ceremony; returns what `body` makes of the path.
  static func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
    try TestFiles.withDirectory { directory in
      let path = "\(directory)/model.safetensors"
      try put(bytes, path)
      return try body(path)
    }
  }

  static func put(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

  /// The failure of opening a file and reading all of its tensors; nil when there is none.
  static func failure(_ path: String) throws -> Failure? {
    do {
      let reader = try SafetensorsReader(path)
      for name in reader.names { _ = try reader.tensor(name) }
      return nil
    } catch let failure as Failure {
      return failure
    }
  }
}
