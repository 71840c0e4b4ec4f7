// Formulas that are refused: every message, its line and its caret.

import EnsueFiles
import EnsueLayers
import Testing

@Suite struct FormulaBadTextTests {
  @Test(arguments: FormulaBadText.all) func isRefusedAtItsPlace(_ bad: FormulaBadText) throws {
    let failure = #expect(throws: Failure.self) { try CellFormula(text: bad.text, name: "my.cell") }
    guard let failure else { return }
    #expect(failure.kind == .data)
    #expect(failure.place == "my.cell:\(bad.line)")
    for words in bad.words { #expect(failure.description.contains(words)) }
    #expect(!failure.description.contains("\n"))
    #expect(failure.advice.isEmpty || failure.advice.hasSuffix(".") || failure.advice.hasSuffix("?"))
    #expect(!failure.problem.hasSuffix("."))
    try #require(failure.excerpt.count == 2)
    #expect(failure.excerpt[1] == "  " + String(repeating: " ", count: bad.column - 1) + "^")
  }

  @Test func theExcerptIsTheLineAndTheCaret() {
    let failure = #expect(throws: Failure.self) {
      try CellFormula(text: "state h\n\th\u{303} = W_i x\r\n\th' = h\u{303} + tanh(h) + f\noutput h'", name: "a.cell")
    }
    #expect(failure?.excerpt == ["   h' = h\u{303} + tanh(h) + f", "                      ^"])
    #expect(failure?.description == "a.cell:3: unknown name f. There are h, h\u{303}, h', x.")
  }

  /// Of a long line the part around the caret is shown.
  @Test(arguments: [0, 20, 40, 60]) func longLinesAreCut(_ place: Int) throws {
    var names = [String](repeating: "h", count: 62)
    names[place] = "wrong_name"
    let text = "state h\nh' = " + names.joined(separator: " + ") + "\noutput h'"
    let failure = try #require(#expect(throws: Failure.self) { try CellFormula(text: text) })
    let line = Array(failure.excerpt[0].unicodeScalars)
    #expect(line.count <= 104)
    let caret = failure.excerpt[1].utf8.count - 1
    #expect(line[caret...].starts(with: "wrong_name".unicodeScalars))
  }

  @Test(arguments: ["", "\n\n", "# nothing\n", "\u{FEFF}", "  \t "]) func emptyTextIsRefused(_ text: String) {
    let failure = #expect(throws: Failure.self) { try CellFormula(text: text, name: "a.cell") }
    #expect(failure?.place == "a.cell:1")
    #expect(failure?.problem.contains("the equations of a cell expected, found none") == true)
  }

  @Test func bytesThatAreNoTextAreRefusedAtTheirPlace() {
    let bytes = Array("state h\nh' = W_h x + h".utf8) + [0xC3, 0x28] + Array("\noutput h'".utf8)
    let failure = #expect(throws: Failure.self) { try CellFormula(bytes: bytes, name: "a.cell") }
    #expect(failure?.place == "a.cell:2")
    #expect(failure?.problem == "UTF-8 expected, found other bytes")
    #expect(failure?.excerpt == ["  h' = W_h x + h\u{FFFD}(", "                ^"])
  }
}
