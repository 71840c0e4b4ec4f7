// Numbers in files, the least significant byte first.

import EnsueFiles

extension [UInt8] {
  /// Appends a number.
  mutating func appendLittleEndian(_ number: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
  }

  /// Appends a digest, its lower half first.
  mutating func appendLittleEndian(_ digest: Digest) {
    appendLittleEndian(digest.low)
    appendLittleEndian(digest.high)
  }

  /// The number of `byteCount` bytes at an offset.
  func littleEndian(at offset: Int, byteCount: Int) -> UInt64 {
    self[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The digest at an offset.
  func digest(at offset: Int) -> Digest {
    Digest(high: littleEndian(at: offset + 8, byteCount: 8), low: littleEndian(at: offset, byteCount: 8))
  }
}
