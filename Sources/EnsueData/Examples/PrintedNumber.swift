// Numbers and columns as the lines of this module print them. No locale: the same text everywhere.

import EnsueFiles

enum PrintedNumber {
  /// `4331` as `4,331`.
  static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude).utf8)
    var text: [UInt8] = value < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `1 row`, `4,331 rows`.
  static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(grouped(count)) \(count == 1 ? one : many)"
  }

  /// A share with one decimal, `50.0 %`; `-` of nothing.
  static func percent(_ part: Int, of whole: Int) -> String {
    whole == 0 ? "-" : "\(decimal(Double(part) / Double(whole) * 100)) %"
  }

  /// One decimal, halves rounded away from zero.
  static func decimal(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard let whole = Int(exactly: tenths) else { return "\(value)" }
    return "\(whole < 0 ? "-" : "")\(whole.magnitude / 10).\(whole.magnitude % 10)"
  }

  /// A label as a table shows it: bare when it is printable, else quoted and escaped.
  static func label(_ label: String) -> String {
    let shown = Failure.shown(label)
    return shown == "'\(label)'" ? label : shown
  }

  /// `text` padded on the right to `width`.
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
  }

  /// `text` padded on the left to `width`.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
  }
}
