// A fast deterministic hash of short byte strings: 64-bit multiply and fold, as in wyhash (Wang Yi, 2019) and
// its kin. Deterministic on purpose: a table that was saved with its slots is still right when it is read.

/// The hash behind `ByteTable`.
enum ByteHash {
  private static let seed: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let first: UInt64 = 0xA076_1D64_78BD_642F
  private static let second: UInt64 = 0xE703_7ED1_A0B4_28DB

  /// 32 well mixed bits of the bytes and their number.
  static func hash(_ key: Span<UInt8>) -> UInt32 {
    let bytes = key.bytes
    let count = bytes.byteCount
    var state = fold(seed ^ UInt64(truncatingIfNeeded: count), first)
    var offset = 0
    while offset + 8 < count {
      state = fold(state ^ word(bytes, offset), second)
      offset += 8
    }
    let tail: UInt64
    if count >= 8 {
      tail = word(bytes, count - 8)
    } else {
      var gathered: UInt64 = 0
      for index in key.indices { gathered = gathered << 8 | UInt64(key[index]) }
      tail = gathered
    }
    return UInt32(truncatingIfNeeded: fold(fold(state ^ tail, second), first) >> 32)
  }

  @inline(__always)
  private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
