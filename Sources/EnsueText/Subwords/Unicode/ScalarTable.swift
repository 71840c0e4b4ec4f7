// The classes of all scalars, looked up in two steps.

/// `ScalarFlags` by scalar: pages of 256 that are equal are kept once.
struct ScalarTable: Sendable {
  private let pageOfBlock: [UInt16]
  private let flags: [ScalarFlags]

  /// Built at the first use.
  static let shared = ScalarTable()

  private init() {
    var pages: [[UInt16]: UInt16] = [:]
    var pageOfBlock: [UInt16] = []
    var flags: [ScalarFlags] = []
    for block in 0..<(0x110000 >> 8) {
      let first = UInt32(ScalarTable.representative(of: block)) << 8
      let page = (0..<256).map { Unicode.Scalar(first + $0).map(ScalarFlags.init) ?? [] }
      let key = page.map(\.rawValue)
      if let known = pages[key] {
        pageOfBlock.append(known)
      } else {
        pages[key] = UInt16(flags.count >> 8)
        pageOfBlock.append(UInt16(flags.count >> 8))
        flags += page
      }
    }
    (self.pageOfBlock, self.flags) = (pageOfBlock, flags)
  }

  /// Planes 4 to 13 have no characters, 15 and 16 are private up to their last blocks: one block stands for many.
  private static func representative(of block: Int) -> Int {
    if block < 0x400 || block == 0xE00 || block == 0xE01 || block & 0xFF == 0xFF { return block }
    return block < 0xF00 ? 0x400 : 0xF00
  }

  @inline(__always)
  subscript(value: UInt32) -> ScalarFlags {
    flags[Int(pageOfBlock[Int(value >> 8)]) << 8 | Int(value & 0xFF)]
  }

  /// The classes of the scalar at `position` of valid UTF-8, which moves behind it.
  @inline(__always)
  func take(_ text: Span<UInt8>, _ position: inout Int) -> ScalarFlags {
    self[text.takeScalar(&position)]
  }
}

extension Span where Element == UInt8 {
  /// The scalar at `position` of valid UTF-8, which moves behind it.
  @inline(__always)
  func takeScalar(_ position: inout Int) -> UInt32 {
    let lead = UInt32(self[position])
    if lead < 0x80 {
      position += 1
      return lead
    }
    let second = UInt32(self[position + 1]) & 0x3F
    if lead < 0xE0 {
      position += 2
      return (lead & 0x1F) << 6 | second
    }
    let third = UInt32(self[position + 2]) & 0x3F
    if lead < 0xF0 {
      position += 3
      return (lead & 0x0F) << 12 | second << 6 | third
    }
    let fourth = UInt32(self[position + 3]) & 0x3F
    position += 4
    return (lead & 0x07) << 18 | second << 12 | third << 6 | fourth
  }

  /// Where the scalar that ends before `position` begins.
  @inline(__always)
  func scalarStart(before position: Int) -> Int {
    var start = position - 1
    while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }
}

extension [UInt8] {
  /// Appends a scalar in UTF-8.
  @inline(__always)
  mutating func append(scalar value: UInt32) {
    switch value {
    case ..<0x80: append(UInt8(value))
    case ..<0x800:
      append(UInt8(0xC0 | value >> 6))
      append(UInt8(0x80 | value & 0x3F))
    case ..<0x10000:
      append(UInt8(0xE0 | value >> 12))
      append(UInt8(0x80 | value >> 6 & 0x3F))
      append(UInt8(0x80 | value & 0x3F))
    default:
      append(UInt8(0xF0 | value >> 18))
      append(UInt8(0x80 | value >> 12 & 0x3F))
      append(UInt8(0x80 | value >> 6 & 0x3F))
      append(UInt8(0x80 | value & 0x3F))
    }
  }

  /// Appends a part of another text.
  mutating func append(_ text: Span<UInt8>, _ range: Range<Int>) {
    reserveCapacity(count + range.count)
    for index in range { append(text[index]) }
  }

  /// Four bytes as a number, the lowest first.
  func littleEndian32(at position: Int) -> UInt32 {
    var number: UInt32 = 0
    for index in 0..<4 { number |= UInt32(self[position + index]) << UInt32(8 * index) }
    return number
  }

  /// Whether the text holds ASCII alone.
  var isASCII: Bool {
    var gathered: UInt8 = 0
    for byte in self { gathered |= byte }
    return gathered < 0x80
  }
}
