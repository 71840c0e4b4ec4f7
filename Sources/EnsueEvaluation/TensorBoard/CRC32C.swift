// The checksum of TensorBoard's records: CRC-32C (Castagnoli, Braeuer and Herrmann 1993; RFC 3720, appendix B.4), bit
// by bit reflected, by a table of one byte's remainders.

/// A CRC-32C of bytes that arrive in pieces.
package struct CRC32C: Sendable {
  private var remainder: UInt32 = ~0

  package init() {}

  package mutating func append(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      remainder = remainder >> 8 ^ CRC32C.table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
    }
  }

  /// The checksum of everything appended.
  package var checksum: UInt32 { ~remainder }

  /// The checksum as records store it, so that a checksum of data with checksums inside stays sound: turned right by
  /// 15 bits, plus a constant (TensorFlow, `lib/hash/crc32c.h`).
  package var masked: UInt32 { (checksum >> 15 | checksum << 17) &+ 0xa282_ead8 }

  package static func masked(of bytes: some Sequence<UInt8>) -> UInt32 {
    var crc = CRC32C()
    crc.append(bytes)
    return crc.masked
  }

  private static let table: [UInt32] = (0..<256).map { byte in
    // 0x1edc6f41 with its bits in reverse.
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
  }
}
