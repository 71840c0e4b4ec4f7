// The wire format of protocol buffers, as far as SentencePiece models use it; every length is checked.

import EnsueFiles

/// The fields of one message.
struct ProtocolBufferReader {
  /// The value of a field.
  enum Value {
    case number(UInt64)
    case bits(UInt32)
    case bytes(Range<Int>)
    /// 64 bits that nobody here reads.
    case skipped
  }

  let bytes: [UInt8]
  let name: String
  private var position: Int
  private let end: Int

  init(_ bytes: [UInt8], _ range: Range<Int>, name: String) {
    (self.bytes, self.name) = (bytes, name)
    (position, end) = (range.lowerBound, range.upperBound)
  }

  /// The next field, or nil at the end.
  mutating func next() throws -> (field: Int, value: Value)? {
    guard position < end else { return nil }
    let tag = try number()
    let field = Int(tag >> 3)
    switch tag & 7 {
    case 0: return (field, .number(try number()))
    case 1:
      try skip(8)
      return (field, .skipped)
    case 2:
      let length = try number()
      let start = position
      try skip(length)
      return (field, .bytes(start..<position))
    case 5:
      let start = position
      try skip(4)
      return (field, .bits(bytes.littleEndian32(at: start)))
    case let kind: throw failure("a SentencePiece model expected, found a field of kind \(kind)")
    }
  }

  func failure(_ problem: String) -> Failure { Failure(.data, at: "\(name)@\(position)", problem) }

  private mutating func skip(_ count: UInt64) throws {
    guard count <= UInt64(end - position) else {
      throw failure("\(count) more bytes expected, found \(end - position)")
    }
    position += Int(count)
  }

  private mutating func number() throws -> UInt64 {
    var (number, shift): (UInt64, UInt64) = (0, 0)
    while position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    throw failure("a number expected, found the end of its message")
  }
}
