// Well-formed UTF-8: table 3-7 of the Unicode standard, and its "maximal subpart" for what a bad sequence spans.

enum UTF8Check {
  /// The first sequence that is not well formed, from `start` on: the bytes one U+FFFD stands for.
  static func firstInvalid(in bytes: [UInt8], from start: Int) -> Range<Int>? {
    bytes.withUnsafeBufferPointer { bytes in
      var position = start
      while position < bytes.count {
        if bytes[position] < 0x80 {
          position += 1
          continue
        }
        let length = sequenceLength(bytes, position)
        if length < 0 { return position..<position - length }
        position += length
      }
      return nil
    }
  }

  /// The length of the sequence at `position`, negative when it is not well formed.
  private static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int) -> Int {
    let (length, second): (Int, ClosedRange<UInt8>)
    switch bytes[position] {
    case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return -1
    }
    for offset in 1..<length {
      let range = offset == 1 ? second : 0x80...0xBF
      guard position + offset < bytes.count, range ~= bytes[position + offset] else { return -offset }
    }
    return length
  }
}
