// What follows from a formula, and the checks on formulas that were never text.

import EnsueFiles
import EnsueLayers
import Foundation
import Testing

@Suite struct FormulaChecksTests {
  @Test func parametersComeInTheOrderOfTheText() throws {
    let parameters = try CellFormula(text: FormulaSamples.peepholeLSTM).parameters
    #expect(
      parameters.map(\.name) == [
        "W_i", "U_i", "p_i", "b_i", "W_f", "U_f", "p_f", "b_f", "W_g", "U_g", "b_g", "W_o", "U_o", "p_o", "b_o",
      ])
    #expect(parameters.prefix(4).map(\.kind) == [.inputMap, .stateMap, .diagonal, .bias])
    #expect(parameters.filter { $0.firstValue != 0 } == [CellParameter(name: "b_f", kind: .bias, firstValue: 1)])
  }

  @Test func aVectorUsedTwiceIsOneParameter() throws {
    let formula = try CellFormula(text: "state h\nh' = p_a ⊙ h + W_h x - p_a\noutput h'")
    #expect(formula.parameters.map(\.name) == ["p_a", "W_h"])
  }

  @Test func equationsAreOrderedByNeedAndElseAsWritten() throws {
    let formula = try CellFormula(
      text: "state h, c\nh' = o ⊙ tanh(c')\no = σ(a + c')\nb = a\nc' = b + c + h\na = W_a x\noutput h'")
    #expect(formula.valueNames == ["h'", "o", "b", "c'", "a"])
    #expect(formula.orderedEquations.map(\.name) == ["a", "b", "c'", "o", "h'"])
    let lstm = try CellFormula(text: FormulaSamples.peepholeLSTM)
    #expect(lstm.orderedEquations == lstm.equations)
  }

  @Test(arguments: [
    ("x + h", true), ("tanh(x) + h", true), ("U_h (x ⊙ h)", true), ("W_h x + h", false), ("W_h (x) + h", false),
  ]) func aBareInputIsOneOutsideItsMaps(_ update: String, _ isBare: Bool) throws {
    #expect(try CellFormula(text: "state h\nh' = \(update)\noutput h'").usesInputBare == isBare)
  }

  static let update = CellFormula.Equation("h'", .map("W_h", .input) + .state("h"))

  /// Faults that text cannot have.
  static let faults: [(states: [String], equations: [CellFormula.Equation], output: String, words: String)] = {
    var huge = Term.state("h")
    for _ in 0..<60 { huge = huge + huge }
    var deep = Term.state("h")
    for _ in 0..<5000 { deep = tanh(deep) }
    func using(_ term: Term) -> [CellFormula.Equation] { [.init("h'", .map("W_h", .input) + .state("h") + term)] }
    return [
      (["h"], using(huge), "h'", "at most 64 levels and 4096 parts"), (["h"], using(deep), "h'", "at most 64 levels"),
      (["h"], using(.constant(.nan)), "h'", "32-bit"), (["h"], using(.constant(1e39)), "h'", "32-bit"),
      (["h"], using(.map("V", .state("h"))), "h'", "V is no name of a parameter"),
      (["h"], using(.map("b_h", .state("h"))), "h'", "b_h is a bias, not a map"),
      (["h"], using(.map("U_a b", .state("h"))), "h'", "found 'U_a b'"),
      (["h"], using(.parameter("W_q")), "h'", "needs what it maps"),
      (["h"], using(.parameter("p_")), "h'", "a name after p_ expected"),
      (["h"], using(.value("h")), "h'", "h is a state, not a value"),
      (["h"], using(.state("q")), "h'", "unknown name q"),
      (["h"], using(.value("\u{1B}[2J")), "h'", "unknown name '\\u{1b}[2J'"),
      (["h"], using(.mask("m_c")), "h'", "m_ and the name of a state expected, found 'm_c'"),
      (["h"], using(.noise("m_h")), "h'", "n_ and the name of a state expected, found 'm_h'"),
      (["h\n"], [update], "h'", "found 'h\\n'"), ([""], [update], "h'", "found ''"), (["h"], [], "h'", "has no update"),
      (["h"], [update], "", "unknown output ''"), (["h''"], [update], "h'", "letters, digits and underscores"),
      (["h"], [update, .init("'", 1)], "h'", "letters, digits and underscores"),
    ]
  }()

  @Test(arguments: faults.indices) func partsThatAreNoFormulaAreRefused(_ index: Int) {
    let (states, equations, output, words) = FormulaChecksTests.faults[index]
    let failure = #expect(throws: Failure.self) {
      try CellFormula(states: states, equations: equations, output: output)
    }
    #expect(failure?.place == "cell formula")
    #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
    #expect(failure?.excerpt == [])
  }

  @Test func firstValuesAreChecked() {
    for (name, value) in [("b_q", 1), ("W_h", 1), ("h", 1), ("b_h", Double.infinity)] {
      #expect(throws: Failure.self) {
        try CellFormula(
          states: ["h"], equations: [.init("h'", .map("W_h", .input) + .state("h") + .parameter("b_h"))], output: "h'",
          firstValues: [name: value])
      }
    }
  }

  @Test func aFileHoldsTheText() throws {
    let formula = try CellFormula(text: FormulaSamples.gru)
    let bytes = try JSONEncoder().encode([formula])
    #expect(try JSONDecoder().decode([String].self, from: bytes) == [FormulaSamples.gru])
    #expect(try JSONDecoder().decode([CellFormula].self, from: bytes) == [formula])
    #expect(throws: (any Error).self) { try JSONDecoder().decode(CellFormula.self, from: Data("\"state h\"".utf8)) }
    #expect(throws: EncodingError.self) { try JSONEncoder().encode(formula.zoningOut()) }
  }

  @Test func theBuilderMakesWhatTheTextSays() throws {
    let lstm = try CellFormula.build(states: ["h", "c"], output: "h'") { cell in
      func gate(_ name: String) -> Term { cell.map("W_\(name)", cell.x) + cell.map("U_\(name)", cell["h"]) }
      for name in ["i", "f"] {
        cell[name] = sigmoid(gate(name) + cell.vector("p_\(name)") * cell["c"] + cell.vector("b_\(name)"))
      }
      cell["g"] = tanh(gate("g") + cell.vector("b_g"))
      cell["c'"] = cell["f"] * cell["c"] + cell["i"] * cell["g"]
      cell["o"] = sigmoid(gate("o") + cell.vector("p_o") * cell["c'"] + cell.vector("b_o"))
      cell["h'"] = cell["o"] * tanh(cell["c'"])
      cell.start("b_f", at: 1)
    }
    #expect(try lstm == CellFormula(text: FormulaSamples.peepholeLSTM))
    #expect(lstm.text == FormulaSamples.peepholeLSTM)
  }

  @Test func theBuildersMistakesAreFailures() {
    let failure = #expect(throws: Failure.self) {
      try CellFormula.build(states: ["h"], output: "h'") { cell in
        cell["h'"] = tanh(cell.map("W_h", cell["h"]) + 1 - relu(-cell["h"] / 2))
      }
    }
    #expect(failure?.problem == "W_h maps the input x, found 'h'")
  }
}
