// How the numbers of an axis are written.

import EnsueEvaluation

/// The kind of numbers on an axis.
public enum AxisFormat: String, Sendable, CaseIterable {
  /// Any real numbers.
  case number
  /// Shares, shown as per cent.
  case percent
  /// Whole numbers such as epochs: no ticks between them.
  case wholeNumber

  /// A single value, as shown when a pointer rests on it.
  func text(_ value: Double) -> String {
    switch self {
    case .number: Format.significant(value)
    case .percent: Format.percent(value)
    case .wholeNumber:
      value == value.rounded() && abs(value) < 1e15 ? Format.count(Int(value)) : Format.significant(value)
    }
  }

  /// The labels of ticks that are multiples of `step`, with as many places as the step needs.
  func labels(_ ticks: [Double], step: Double) -> [String] {
    switch self {
    case .wholeNumber: return ticks.map(text)
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
