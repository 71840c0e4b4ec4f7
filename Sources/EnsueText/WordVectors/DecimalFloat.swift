// Decimal text to single precision, correctly rounded. The grammar is stricter than `Float(_: String)`'s: no `nan`,
// `inf` or hexadecimal forms, and what is too large is an error instead of infinity.
//
// The quick way: up to 19 digits as an integer, times a power of ten, in double precision. That is wrong by at most
// 2 units in the last place of a double; so unless the double lies within a few units of the middle between two
// floats, rounding it gives the float nearest to the text (after Clinger, 1990). What is left goes the exact way.

/// Parsing of decimal numbers.
package enum DecimalFloat {
  /// What a text turned out to be.
  package enum Outcome: Equatable {
    case value(Float)
    /// Not `[+-] digits [. digits] [e [+-] digits]` with a digit before or after the point.
    case malformed
    /// Beyond the largest finite float.
    case tooLarge
  }

  /// 10 to the power of -22 ... 22.
  private static let powers: [Double] = [
    1e-22, 1e-21, 1e-20, 1e-19, 1e-18, 1e-17, 1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6,
    1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The value of the number that begins at `position`, and `position` moved to its end; NaN, and `position` anywhere
  /// in the number, when the quick way does not suffice or no number begins there.
  @inline(__always)
  static func quick(_ text: Span<UInt8>, _ position: inout Int) -> Float {
    let count = text.count
    var index = position
    var isNegative = false
    if index < count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isNegative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    while index < count {
      let digit = text[index] &- 0x30
      if digit > 9 { break }
      mantissa = mantissa &* 10 &+ UInt64(digit)
      digits &+= 1
      index &+= 1
    }
    if index < count, text[index] == UInt8(ascii: ".") {
      index += 1
      let start = index
      while index < count {
        let digit = text[index] &- 0x30
        if digit > 9 { break }
        mantissa = mantissa &* 10 &+ UInt64(digit)
        index &+= 1
      }
      digits &+= index - start
      exponent = start - index
    }
    // 19 digits fit into 64 bits.
    guard 1...19 ~= digits else { return .nan }
    if index < count, text[index] | 0x20 == UInt8(ascii: "e") {
      guard let written = scientific(text, &index) else { return .nan }
      exponent += written
    }
    let value = rounded(mantissa, exponent)
    position = index
    return isNegative ? -value : value
  }

  /// The float nearest to `mantissa · 10^exponent`; NaN where double precision cannot tell which that is.
  @inline(__always)
  private static func rounded(_ mantissa: UInt64, _ exponent: Int) -> Float {
    guard -22...22 ~= exponent else { return .nan }
    let value = Double(mantissa) * powers[exponent + 22]
    if mantissa != 0 {
      // The 29 bits that a float lacks; half of them is the middle between two floats.
      let fromMiddle = (value.bitPattern & 0x1FFF_FFFF) &- 0x0FFF_FFF8
      guard fromMiddle > 16, value >= 0x1p-126, value < 0x1p127 else { return .nan }
    }
    return Float(value)
  }

  /// The exponent that begins with the `e` at `index`; nil when it has no digits or more than four.
  private static func scientific(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
    index += 1
    var isNegative = false
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isNegative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    let start = index
    var exponent = 0
    while index < text.count, ASCII.isDigit(text[index]) {
      guard index - start < 4 else { return nil }
      exponent = exponent * 10 + Int(text[index] - 0x30)
      index += 1
    }
    return index == start ? nil : isNegative ? -exponent : exponent
  }

  /// The float nearest to a whole text (ties to even); a text too small for single precision is zero.
  package static func parse(_ text: Span<UInt8>) -> Outcome {
    var end = 0
    let value = quick(text, &end)
    if !value.isNaN && end == text.count { return .value(value) }
    guard isDecimal(text) else { return .malformed }
    var bytes: [UInt8] = []
    for index in text.indices { bytes.append(text[index]) }
    guard let exact = Float(String(decoding: bytes, as: UTF8.self)), !exact.isNaN else { return .malformed }
    return exact.isFinite ? .value(exact) : .tooLarge
  }

  /// Whether the text has the grammar of a decimal number.
  static func isDecimal(_ text: Span<UInt8>) -> Bool {
    var index = 0
    func isSign(_ index: Int) -> Bool {
      index < text.count && (text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+"))
    }
    func digitsEnd(_ index: Int) -> Int {
      var end = index
      while end < text.count, ASCII.isDigit(text[end]) { end += 1 }
      return end
    }
    if isSign(0) { index = 1 }
    let whole = digitsEnd(index)
    var digits = whole - index
    index = whole
    if index < text.count, text[index] == UInt8(ascii: ".") {
      let fraction = digitsEnd(index + 1)
      digits += fraction - index - 1
      index = fraction
    }
    guard digits > 0 else { return false }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      let start = isSign(index + 1) ? index + 2 : index + 1
      index = digitsEnd(start)
      guard index > start else { return false }
    }
    return index == text.count
  }
}
