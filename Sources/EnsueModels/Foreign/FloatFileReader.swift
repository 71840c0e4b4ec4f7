// Raw little-endian float32, one tensor after another.

import EnsueFiles
import EnsueTensor

/// Reads tensors from a file whose size has been checked.
struct FloatFileReader: ~Copyable {
  private let file: InputFile
  private var offset: Int

  /// - Parameter offset: the first byte to read.
  init(_ file: consuming InputFile, offset: Int) {
    self.file = file
    self.offset = offset
  }

  /// The next numbers as a tensor of 32 bits.
  /// - Throws: `Failure` where the file ends before.
  mutating func tensor(_ shape: Shape) throws -> Tensor {
    let bytes = try file.bytes(at: offset, count: 4 * shape.count)
    offset += bytes.count
    return Tensor(FloatFileReader.floats(bytes), shape: shape)
  }

  mutating func skip(_ count: Int) { offset += 4 * count }

  /// Bytes as numbers.
  static func floats(_ bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map {
        Float(bitPattern: UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }
}
