// Numbers as people read them, for the one-line descriptions of reports.

/// Text forms of numbers.
enum Numerals {
  /// Thousands apart: `18,764`.
  static func grouped(_ number: Int) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// A share in per cent with one decimal: `76.2 %`; nothing of nothing is `0.0 %`.
  static func percent(_ part: Int, of whole: Int) -> String {
    fixed(whole > 0 ? 100 * Double(part) / Double(whole) : 0, decimals: 1) + " %"
  }

  /// A small number with a fixed number of decimals.
  static func fixed(_ value: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard let whole = Int(exactly: scaled), let unit = Int(exactly: scale) else { return "\(value)" }
    let fraction = String(whole % unit)
    let sign = value < 0 && whole > 0 ? "-" : ""
    let padding = String(repeating: "0", count: max(0, decimals - fraction.utf8.count))
    return "\(sign)\(whole / unit)" + (decimals > 0 ? ".\(padding)\(fraction)" : "")
  }
}
