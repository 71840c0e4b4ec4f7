// Numbers as people read them. No locale: a point before decimals, a comma between thousands.

import EnsueEvaluation

/// Formats for shares, counts, times and sizes. Numbers that are not finite show as `NaN`, `inf` or `-inf`.
public enum Format {
  /// A share as per cent: 0.771 as `77.1 %`.
  public static func percent(_ share: Double, places: Int = 1) -> String { "\(fixed(share * 100, places: places)) %" }

  /// A spread of shares as per cent: `77.1 ± 0.6 %`.
  public static func percent(_ spread: Spread, places: Int = 1) -> String {
    "\(spread.scaled(by: 100).text(places: places)) %"
  }

  /// A whole number with commas: 18764 as `18,764`.
  public static func count(_ number: Int) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A count in words of an item: `1 run`, `18,764 runs`.
  public static func count(_ number: Int, _ singular: String, plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
  }

  /// Exactly `places` digits after the point.
  public static func fixed(_ value: Double, places: Int) -> String { DecimalText.fixed(value, places: places) }

  /// A large number in short: 412,345 as `412 k`, 1.25 million as `1.2 M`; below 1,000 as it is, with three digits.
  public static func short(_ value: Double) -> String {
    guard value.isFinite else { return fixed(value, places: 0) }
    let units = ["", " k", " M", " G", " T"]
    var scaled = value
    var unit = 0
    while unit + 1 < units.count, abs(scaled) >= 999.5 {
      scaled /= 1000
      unit += 1
    }
    guard abs(scaled) < 999.5 else { return scientific(value) }
    let places = unit == 0 && scaled == scaled.rounded() || abs(scaled) >= 9.95 ? 0 : 1
    return fixed(scaled, places: places) + units[unit]
  }

  /// A time: 0.31 as `0.3 s`, 73.2 as `1 min 13 s`, 7,500 as `2 h 5 min`, 200,000 as `2 d 7 h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e15 else { return "\(fixed(seconds, places: 0)) s" }
    if seconds < 0 { return "-" + duration(-seconds) }
    if seconds < 9.95 { return "\(fixed(seconds, places: 1)) s" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    let minutes = (whole + 30) / 60
    if minutes < 24 * 60 { return "\(minutes / 60) h \(minutes % 60) min" }
    let hours = (minutes + 30) / 60
    return "\(count(hours / 24)) d \(hours % 24) h"
  }

  /// A size in binary units: 1536 as `1.5 KiB`.
  public static func bytes(_ number: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    if number.magnitude < 1024 { return "\(number) B" }
    var scaled = Double(number)
    var unit = 0
    while unit + 1 < units.count, abs(scaled) >= 1023.95 {
      scaled /= 1024
      unit += 1
    }
    return "\(fixed(scaled, places: 1)) \(units[unit])"
  }

  /// A value of unknown size with four significant digits: `0.4312`, `12.35`, `1.5e-7`.
  public static func significant(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, places: 0) }
    let exponent = DecimalText.exponent(of: value)
    guard -4...6 ~= exponent else { return scientific(value) }
    return fixed(value, places: max(0, 3 - exponent))
  }

  /// `1.5e-7`: a mantissa with up to `places` places, zeros at its end left out.
  static func scientific(_ value: Double, places: Int = 3) -> String {
    guard value.isFinite, value != 0 else { return fixed(value, places: 0) }
    var exponent = DecimalText.exponent(of: value)
    // Two divisions, because 10^-exponent itself may overflow or underflow.
    let half = exponent / 2
    var mantissa = value / Format.power(half) / Format.power(exponent - half)
    if abs(mantissa) >= 10 - 0.5 / Format.power(places) {
      mantissa /= 10
      exponent += 1
    }
    var digits = Array(fixed(mantissa, places: places).utf8)
    while places > 0, digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.last == UInt8(ascii: ".") { digits.removeLast() }
    return "\(String(decoding: digits, as: UTF8.self))e\(exponent)"
  }

  /// 10^exponent, for |exponent| up to 300.
  static func power(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(exponent) { result *= 10 }
    return exponent < 0 ? 1 / result : result
  }
}
