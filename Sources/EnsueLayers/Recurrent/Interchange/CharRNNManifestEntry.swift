// One tensor of a charRNN's manifest and its file.

import EnsueFiles
import EnsueTensor

/// `"NAME": {"filename": "FILE", "shape": [ROWS, COLUMNS]}`
struct CharRNNManifestEntry {
  private let name: String
  private let file: String
  private let sizes: [Int]
  let byteCount: Int

  /// - Parameter path: the manifest, for messages.
  init(_ name: String, _ value: JSONValue, path: String) throws(Failure) {
    func wrong(_ problem: String) -> Failure {
      Failure(.data, at: path, "tensor \(Failure.shown(name)): \(problem)")
    }
    guard let file = value.objectValue?["filename"]?.stringValue else { throw wrong("a filename expected") }
    guard CharRNNManifestEntry.isPlain(file) else {
      throw wrong("the name of a file in the same folder expected, found \(Failure.shown(file))")
    }
    guard let shape = value.objectValue?["shape"]?.arrayValue, shape.count <= Shape.rankLimit else {
      throw wrong("a shape of at most \(Shape.rankLimit) axes expected")
    }
    var (sizes, byteCount) = ([Int](), 4)
    for size in shape {
      guard let size = size.integerValue, size > 0 else {
        throw wrong("sizes of 1 or more expected, found \(Failure.shown("\(size)"))")
      }
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: size)
      guard !overflow else { throw wrong("the shape overflows 64 bits") }
      byteCount = product
      sizes.append(size)
    }
    (self.name, self.file, self.sizes, self.byteCount) = (name, file, sizes, byteCount)
  }

  private static func isPlain(_ file: String) -> Bool {
    let bytes = Array(file.utf8)
    return (1...255).contains(bytes.count) && file != "." && file != ".."
      && !bytes.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") || $0 < 0x20 || $0 == 0x7F }
  }

  /// Reads the numbers.
  func tensor(_ folder: String) throws -> Tensor {
    let path = "\(folder)/\(file)"
    let input = try InputFile(path)
    guard input.size == byteCount else {
      throw Failure(
        .data, at: path,
        "\(byteCount) bytes of float32 for \(Failure.shown(name)) \(Shape(sizes)) expected, found \(input.size)")
    }
    let bytes = try input.bytes(at: 0, count: byteCount)
    let values = bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
    let tensor = Tensor(values, shape: Shape(sizes))
    guard tensor.isFinite else {
      throw Failure(.data, at: path, "finite numbers expected, found one that is not", advice: "The file is damaged.")
    }
    return tensor
  }
}
