// Numbers as decimal text, rounded once from the exact binary value (as C's printf does); no locale.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Decimal text of floating-point numbers, shared by the log, the metrics and the reports.
package enum DecimalText {
  /// `value` with exactly `places` digits after the point; `NaN`, `inf` or `-inf` when it is not finite.
  ///
  /// A result that rounds to zero has no minus sign.
  package static func fixed(_ value: Double, places: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "inf" : "-inf" }
    let places = min(max(places, 0), 20)
    // The largest double has 309 digits before the point.
    let capacity = 352
    var buffer = [CChar](repeating: 0, count: capacity)
    let length = withVaList([Int32(places), value]) { vsnprintf(&buffer, capacity, "%.*f", $0) }
    let text = String(
      decoding: buffer.prefix(max(0, Int(length))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard text.hasPrefix("-"), !text.utf8.contains(where: { UInt8(ascii: "1")...UInt8(ascii: "9") ~= $0 }) else {
      return text
    }
    return String(text.dropFirst())
  }

  /// The decimal exponent of a finite `value`: the e of `m · 10^e` with 1 ≤ |m| < 10; 0 for zero.
  package static func exponent(of value: Double) -> Int {
    guard value.isFinite, value != 0 else { return 0 }
    return Int(log10(abs(value)).rounded(.down))
  }
}
