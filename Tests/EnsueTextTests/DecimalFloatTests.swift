import EnsueText
import Testing

@Suite struct DecimalFloatTests {
  static func parse(_ text: String) -> DecimalFloat.Outcome { DecimalFloat.parse(Array(text.utf8).span) }

  /// What the standard library makes of a decimal text.
  static func expected(_ text: String) -> DecimalFloat.Outcome {
    guard let value = Float(text) else { return .malformed }
    return value.isFinite ? .value(value) : .tooLarge
  }

  static func isSame(_ left: DecimalFloat.Outcome, _ right: DecimalFloat.Outcome) -> Bool {
    if case .value(let first) = left, case .value(let second) = right { return first.bitPattern == second.bitPattern }
    return left == right
  }

  @Test func randomDecimalsAreRoundedCorrectly() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200_000 {
      var text = ["", "-", "+"].randomElement(using: &random) ?? ""
      let whole = Int.random(in: 0...12, using: &random)
      let fraction = Int.random(in: (whole == 0 ? 1 : 0)...14, using: &random)
      for _ in 0..<whole { text += String(Int.random(in: 0...9, using: &random)) }
      if fraction > 0 || Bool.random(using: &random) { text += "." }
      for _ in 0..<fraction { text += String(Int.random(in: 0...9, using: &random)) }
      if Bool.random(using: &random) { text += "e" + String(Int.random(in: -60...45, using: &random)) }
      guard DecimalFloatTests.isSame(DecimalFloatTests.parse(text), DecimalFloatTests.expected(text)) else {
        Issue.record("\(text): \(DecimalFloatTests.parse(text)), expected \(DecimalFloatTests.expected(text))")
        return
      }
    }
  }

  /// Every float comes back from its shortest text, and texts in the middle between two floats go to the even one.
  @Test func randomFloatsAndTheMiddleBetweenThem() {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<50_000 {
      let value = Float(bitPattern: UInt32.random(in: 0..<0x7F7F_FFFF, using: &random))
      let middle = (Double(value) + Double(value.nextUp)) / 2
      for text in ["\(value)", "-\(value)", "\(middle)", "\(middle.nextUp)", "\(middle.nextDown)", "\(Double(value))"] {
        guard DecimalFloatTests.isSame(DecimalFloatTests.parse(text), DecimalFloatTests.expected(text)) else {
          Issue.record("\(text): \(DecimalFloatTests.parse(text)), expected \(DecimalFloatTests.expected(text))")
          return
        }
      }
    }
  }

  @Test(arguments: [
    "0", "-0", "+0", "0.0", "00000000000000000000000000000001", "1.", ".5", "-.5", "5e-1", "5E+1", "1e-400", "1e-45",
    "1.17549435e-38", "3.4028235e38", "16777217", "16777219", "0.1", "1e22", "1e23", "18446744073709551615",
    "18446744073709551616", "0.000000000000000000000000000000000000000000001", "1e00000000000000001", "1e-00002",
    "33554433.000000000000000000000000000000000000000000000001",
  ])
  func edges(_ text: String) {
    #expect(DecimalFloatTests.isSame(DecimalFloatTests.parse(text), DecimalFloatTests.expected(text)))
  }

  @Test(arguments: [
    "", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e5.", "1,5", "--1", "+-1", "1.2.3", "nan", "NaN", "inf", "-inf",
    "infinity",
    "0x1p3", "0x10", "1 ", " 1", "1f", "1_000", "\u{661}", "1e1e1", "1-", "\u{0}",
  ])
  func malformed(_ text: String) {
    #expect(DecimalFloatTests.parse(text) == .malformed)
  }

  @Test(arguments: [
    "1e400", "-1e400", "3.5e38", "1e39", "1e99999999999999999999", "1" + String(repeating: "0", count: 60),
  ])
  func tooLarge(_ text: String) {
    #expect(DecimalFloatTests.parse(text) == .tooLarge)
  }
}
