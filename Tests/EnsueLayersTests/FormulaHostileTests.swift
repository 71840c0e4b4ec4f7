// Texts that mean harm, and texts changed at random: always a formula or a failure, never a crash, never a long wait.

import EnsueFiles
import EnsueLayers
import EnsueTestSupport
import Testing

@Suite struct FormulaHostileTests {
  /// A piece repeated until the text has 64 KiB.
  static func repeated(_ piece: String, after start: String = "state h\nh' = ", _ end: String = "") -> String {
    let count = (CellFormula.Limits.textLength - start.utf8.count - end.utf8.count) / piece.utf8.count
    return start + String(repeating: piece, count: count) + end
  }

  static let hostile: [(text: String, words: String)] = [
    (repeated("("), "at most 64 open parentheses expected"),
    (repeated("((\n"), "at most 64 open parentheses expected"),
    (repeated(")"), "a term expected"),
    (repeated("tanh("), "at most 64 open parentheses expected"),
    (repeated("-"), "at most 64 levels of terms expected"),
    (repeated("- "), "at most 64 levels of terms expected"),
    (repeated("U_a "), "at most 64 levels of terms expected"),
    (repeated("h + ", "h"), "at most 64 levels of terms expected"),
    (repeated("h ⊙ ", "h"), "at most 64 levels of terms expected"),
    (repeated("-(", "h"), "at most 64 levels of terms expected"),
    (repeated("h +\n", "h"), "at most 64 levels of terms expected"),
    (repeated("a"), "a name of at most 64 bytes expected"),
    (repeated("h\u{303}\u{303}\u{303}\u{303}\u{303}\u{303}\u{303}"), "a name of at most 64 bytes expected"),
    (repeated("h\u{303}", after: "state "), "a name of at most 64 bytes expected"),
    (repeated("9"), "32-bit arithmetic"),
    (repeated("."), "a number expected"),
    (repeated("0.1e-", "1"), "an operator expected"),
    (repeated("h, ", after: "state "), "the name of a state expected after ','"),
    (repeated("state h\n", after: ""), "at most 64 states expected"),
    (repeated("h' = x\n", after: "state h\n"), "at most 64 states and values expected"),
    (repeated("output h'\n", after: ""), "found a second"),
    (repeated("b_h starts at 1\n", after: ""), "is given a first value twice"),
    (repeated("\u{0}"), "\\u{0}"),
    (repeated("\u{2028}"), "\\u{2028}"),
    (repeated("\u{202E}"), "\\u{202e}"),
    (repeated("\u{10FFFF}"), "\\u{10ffff}"),
    (repeated("\u{1F600}"), "found '\u{1F600}'"),
    (repeated("="), "a second ="),
    (repeated("\n", after: ""), "found none"),
    (repeated("#", after: ""), "found none"),
    (repeated("'"), "a prime directly after"),
    (repeated("h", after: "\u{FEFF}\u{FEFF}"), "\\u{feff}"),
    (repeated("x", after: ""), "a name of at most 64 bytes"),
    (repeated("x", after: "") + "x", "at most 65536 bytes"),
  ]

  @Test(arguments: hostile.indices) func isRefusedAtOnce(_ index: Int) {
    let (text, words) = FormulaHostileTests.hostile[index]
    var failure: Failure?
    let seconds = threadSeconds(until: 2) {
      failure = #expect(throws: Failure.self) { try CellFormula(text: text, name: "a.cell") }
    }
    #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
    #expect((failure?.description.utf8.count ?? 0) < 600)
    #expect((failure?.excerpt ?? []).allSatisfy { $0.utf8.count < 1000 })
    #expect(seconds < 2)
  }

  @Test(arguments: [(65, 1), (1, 257)]) func countsAreBounded(_ values: Int, _ parameters: Int) {
    var lines = ["state h"]
    var sums: [String] = []
    for value in 1..<max(values, 6) {
      let vectors = parameters > 1 ? (0..<52).map { " + b_\(value)_\($0)" }.joined() : ""
      lines.append("v\(value) = \(value == 1 ? "h" : "v\(value - 1)")\(vectors)")
      sums = ["v\(value)"]
    }
    lines += ["h' = x + \(sums.joined())", "output h'"]
    let failure = #expect(throws: Failure.self) { try CellFormula(text: lines.joined(separator: "\n")) }
    #expect(
      failure?.problem.contains(values > 1 ? "at most 64 states and values" : "at most 256 maps and vectors") == true)
  }

  /// 64 names, 256 weights, 64 levels: all within bounds.
  @Test func theBoundsThemselvesAreAccepted() throws {
    let open = String(repeating: "tanh(", count: 62)
    let close = String(repeating: ")", count: 62)
    let formula = try CellFormula(text: "state h\nh' = \(open)x + h\(close)\noutput h'")
    #expect(try CellFormula(text: formula.text) == formula)
    var lines = ["state h"]
    for value in 1...63 {
      lines.append("v\(value) = \(value == 1 ? "h" : "v\(value - 1)") + b_\(value) + W_\(value) x")
    }
    lines += ["h' = v63", "output h'"]
    #expect(try CellFormula(text: lines.joined(separator: "\n")).parameters.count == 126)
  }

  static let pieces: [[UInt8]] = [
    "(", ")", "=", "'", ",", "+", "-", "⊙", "/", "\n", "\n  ", "\r\n", " ", "\t", "#", "h", "c", "x", "W_i", "U_i ",
    "p_", "b_f",
    "state ", "output ", " starts at 1", "starts", "at", "1e", "1e9", "0", ".", "σ(", "tanh", "norm(", "\u{303}",
    "\u{FEFF}", "\u{0}",
    "m_h", "_", "漢", "h'", "\u{2028}", "\u{1F600}", "′",
  ].map { Array($0.utf8) }

  static func mutated(_ bytes: [UInt8], _ random: inout FormulaRandomNumbers) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      let length = min(Int.random(in: 0...6, using: &random), bytes.count - place)
      switch Int.random(in: 0...5, using: &random) {
      case 0: bytes.removeSubrange(place..<place + length)
      case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
      case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
      case 3: bytes.replaceSubrange(place..<place + length, with: pieces.randomElement(using: &random) ?? [])
      case 4:
        let from = Int.random(in: 0...bytes.count, using: &random)
        let count = min(Int.random(in: 0...40, using: &random), bytes.count - from)
        bytes.insert(contentsOf: Array(bytes[from..<from + count]), at: place)
      default: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random) }
      }
    }
    return bytes
  }

  /// The columns of a line, at most.
  static func width(_ line: String) -> Int {
    line.unicodeScalars.reduce(0) { width, scalar in
      width + (scalar.properties.generalCategory == .nonspacingMark ? 0 : scalar.value >= 0x1100 ? 2 : 1)
    }
  }

  @Test(arguments: FormulaSamples.all.indices) func changedTextsGiveAFormulaOrACaret(_ sample: Int) throws {
    var random = FormulaRandomNumbers(seed: UInt64(sample))
    let start = Array(FormulaSamples.all[sample].utf8)
    var accepted = 0
    for _ in 0..<2000 {
      let bytes = FormulaHostileTests.mutated(start, &random)
      do {
        let formula = try CellFormula(bytes: bytes, name: "a")
        accepted += 1
        guard try CellFormula(text: formula.text) == formula else {
          Issue.record("read back as another formula:\n\(formula)")
          return
        }
        _ = (formula.latex, formula.mathML, formula.orderedEquations)
      } catch {
        guard let problem = FormulaHostileTests.flaw(of: error, in: bytes) else { continue }
        Issue.record("\(problem): \(error) \(error.excerpt)\n\(String(decoding: bytes, as: UTF8.self))")
        return
      }
    }
    #expect(accepted > 10)
  }

  @Test func randomBytesGiveAFormulaOrACaret() throws {
    var random = FormulaRandomNumbers(seed: 99)
    for _ in 0..<10_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        if Int.random(in: 0...9, using: &random) == 0 {
          bytes.append(UInt8.random(in: 0...255, using: &random))
        } else {
          bytes += FormulaHostileTests.pieces.randomElement(using: &random) ?? []
        }
      }
      do { _ = try CellFormula(bytes: bytes, name: "a") } catch {
        guard let problem = FormulaHostileTests.flaw(of: error, in: bytes) else { continue }
        Issue.record("\(problem): \(error) \(error.excerpt)\n\(bytes)")
        return
      }
    }
  }

  /// What is wrong with a failure: it must name a line of the text and have its caret under that line.
  static func flaw(of failure: Failure, in bytes: [UInt8]) -> String? {
    guard failure.kind == .data, failure.place.hasPrefix("a:"), let line = Int(failure.place.dropFirst(2)) else {
      return "no place"
    }
    let breaks = bytes.filter { $0 == 0x0A || $0 == 0x0D }.count
    guard line >= 1, line <= breaks + 1 else { return "a line that is not there" }
    if failure.description.utf8.contains(where: { $0 < 0x20 }) { return "a control character in the message" }
    if failure.problem.contains("found none"), failure.excerpt.isEmpty { return nil }
    guard failure.excerpt.count == 2 else { return "no caret" }
    if failure.excerpt.contains(where: { $0.utf8.contains { $0 < 0x20 } }) { return "a control character" }
    guard failure.excerpt[1].utf8.count <= width(failure.excerpt[0]) else { return "a caret outside of the line" }
    return nil
  }
}
