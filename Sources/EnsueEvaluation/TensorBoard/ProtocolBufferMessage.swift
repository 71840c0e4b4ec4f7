// As much of Protocol Buffers' encoding as TensorBoard's events need: numbers, text and messages inside messages.
// https://protobuf.dev/programming-guides/encoding. Which fields there are, and which defaults to leave out, is the
// caller's.

/// A message being encoded, its fields in the order they are appended.
struct ProtocolBufferMessage {
  private(set) var bytes: [UInt8] = []

  /// How a field's bytes are told from the next one's.
  private enum WireType: Int {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  /// Appends a `double`.
  mutating func append(_ value: Double, field: Int) {
    appendKey(field, .fixed64)
    bytes.append(littleEndian: value.bitPattern)
  }

  /// Appends a `float`.
  mutating func append(_ value: Float, field: Int) {
    appendKey(field, .fixed32)
    bytes.append(littleEndian: value.bitPattern)
  }

  /// Appends an `int64`; a negative one takes ten bytes.
  mutating func append(_ value: Int, field: Int) {
    appendKey(field, .varint)
    appendVarint(UInt64(bitPattern: Int64(value)))
  }

  /// Appends a `string`.
  mutating func append(_ text: String, field: Int) {
    appendBytes(Array(text.utf8), field)
  }

  /// Appends a message as a field of this one.
  mutating func append(_ message: ProtocolBufferMessage, field: Int) {
    appendBytes(message.bytes, field)
  }

  private mutating func appendBytes(_ content: [UInt8], _ field: Int) {
    appendKey(field, .lengthDelimited)
    appendVarint(UInt64(content.count))
    bytes += content
  }

  private mutating func appendKey(_ field: Int, _ type: WireType) {
    appendVarint(UInt64(field << 3 | type.rawValue))
  }

  /// Seven bits a byte, the lowest first; the high bit says that more follow.
  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

extension [UInt8] {
  /// Appends a number's bytes, the lowest first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
