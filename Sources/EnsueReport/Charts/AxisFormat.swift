// How the numbers of an axis are written.

import EnsueEvaluation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The kind of numbers on an axis.
public enum AxisFormat: String, Sendable, CaseIterable {
  /// Any real numbers.
  case number
  /// Shares, shown as per cent.
  case percent
  /// Whole numbers such as epochs: no ticks between them.
  case wholeNumber
  /// Logarithms to base 10, shown as the numbers they are of: equal ratios have equal lengths.
  case logarithm

  /// A single value, as shown when a pointer rests on it.
  func text(_ value: Double) -> String {
    switch self {
    case .number: Format.significant(value)
    case .percent: Format.percent(value)
    case .wholeNumber:
      value == value.rounded() && abs(value) < 1e15 ? Format.count(Int(value)) : Format.significant(value)
    case .logarithm: AxisFormat.number(ofLogarithm: value)
    }
  }

  /// 10^value with three digits or four: `1.5`, `200`, `12,300`; far from 1 as a power.
  private static func number(ofLogarithm value: Double) -> String {
    guard abs(value) < 12 else { return "1e\(Format.significant(value))" }
    let number = pow(10, value)
    if number >= 999.5 {
      let unit = pow(10, max(0, value.rounded(.down) - 2))
      return Format.count(Int((number / unit).rounded() * unit))
    }
    var digits = Array(Format.significant(number).utf8)
    if digits.contains(UInt8(ascii: ".")), !digits.contains(UInt8(ascii: "e")) {
      while digits.last == UInt8(ascii: "0") { digits.removeLast() }
      if digits.last == UInt8(ascii: ".") { digits.removeLast() }
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// The labels of ticks that are multiples of `step`, with as many places as the step needs.
  func labels(_ ticks: [Double], step: Double) -> [String] {
    switch self {
    case .wholeNumber, .logarithm: return ticks.map(text)
    case .percent:
      let places = max(0, -DecimalText.exponent(of: step * 100 * 1.0001))
      return ticks.map { Format.percent($0, places: min(places, 6)) }
    case .number:
      let largest = ticks.reduce(0) { max($0, abs($1)) }
      let exponent = DecimalText.exponent(of: step * 1.0001)
      let places = DecimalText.exponent(of: largest) - exponent
      // A mantissa of many digits is harder to read than the number itself.
      if largest < 1e6 && exponent >= -6 || largest < 1e12 && exponent >= -10 && places > 4 {
        return ticks.map { Format.fixed($0, places: max(0, -exponent)) }
      }
      return ticks.map { Format.scientific(abs($0) < step / 2 ? 0 : $0, places: min(max(places, 0), 12)) }
    }
  }
}
