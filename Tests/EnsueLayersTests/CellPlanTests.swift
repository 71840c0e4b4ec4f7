// What the planner makes of formulas: as few products as the equations allow, and in no time.

import EnsueLayers
import EnsueTestSupport
import EnsueTensor
import Testing

private struct PlannedCell: Sendable, CustomTestStringConvertible {
  let kind: RecurrentCellKind
  /// Matrix products of a step and the phases they stand in, the last of which has none.
  let products: Int
  let phases: Int
  var testDescription: String { kind.rawValue }

  static let all = [
    // [x | h] with all forms.
    PlannedCell(kind: .rnn, products: 1, phases: 2), PlannedCell(kind: .lstm, products: 1, phases: 2),
    PlannedCell(kind: .lstmPeephole, products: 1, phases: 2),
    // [x | h | i | f | o].
    PlannedCell(kind: .lstmFullGateRecurrence, products: 1 + 1, phases: 2),
    // x for all three, h for r and z, then r ⊙ h for the candidate.
    PlannedCell(kind: .gru, products: 3, phases: 3),
    // x for r, z and n; h for r, z and q: the sums of h alone are begun by h.
    PlannedCell(kind: .gruResetAfter, products: 3, phases: 2),
  ]
}

@Suite struct CellPlanTests {
  @Test(arguments: PlannedCell.all) fileprivate func aStepHasFewProducts(_ cell: PlannedCell) {
    let outline = CellOutline(cell.kind.formula(), inputSize: 50, hiddenSize: 40)
    #expect(outline.productCount == cell.products)
    #expect(outline.phaseCount == cell.phases)
  }

  /// An LSTM's step needs five functions, two products with a sum, a product, and h where the matrices read it.
  @Test func theInstructionsOfTheLSTMAreThoseOfItsEquations() {
    let outline = CellOutline(RecurrentCellKind.lstm.formula(), inputSize: 50, hiddenSize: 40)
    #expect(outline.instructionCount == 9)
    // i, f, g, o in place of their sums, tanh(c'), [1 | x | h], h' and c'.
    #expect(outline.keptCount == 5 * 40 + (1 + 50 + 40) + 2 * 40)
  }

  /// Each value is twice the one before: 2⁵⁰ ways lead from the first to the last.
  @Test func valuesThatAreReadTwiceArePlannedOnce() throws {
    let sums = (1...50).map { "v\($0) = v\($0 - 1) + v\($0 - 1)\n" }.joined()
    let formula = try CellFormula(
      text: "state h\nv0 = log(1 + exp(W_h x + U_h h))\n\(sums)h' = tanh(v50)\noutput h'")
    #expect(threadSeconds(until: 1) { _ = CellOutline(formula, inputSize: 3, hiddenSize: 2) } < 1)
  }

  @Test func aBareInputHasAMatrixOfItsOwn() throws {
    let formula = try CellFormula(text: "state h\nh' = tanh(W_x x + W_input x + x + U_h h)\noutput h'")
    let outline = CellOutline(formula, inputSize: 3, hiddenSize: 2)
    #expect(outline.weights.map(\.name) == ["W_x", "W_input", "U_h", "W_input_2"])
  }

  @Test func largeInputsAreMultipliedOverAllStepsAtOnce() {
    let formula = RecurrentCellKind.lstm.formula()
    #expect(!CellOutline(formula, inputSize: 50, hiddenSize: 100).multipliesInputAtOnce)
    #expect(CellOutline(formula, inputSize: 650, hiddenSize: 650).multipliesInputAtOnce)
  }

  @Test(arguments: CellSubject.all) func planningTakesMilliseconds(_ subject: CellSubject) {
    #expect(planningSeconds(subject.formula) < bound)
  }

  /// As large as the bounds on a formula allow, each in its own way.
  static let large: [(name: String, text: String)] = [
    ("a chain of 241 maps", chain(levels: 4, values: 60) { "U_\($0)_\($1) " }),
    ("nested functions", chain(levels: 60, values: 61) { _, _ in "" }),
    ("long sums", longSums),
  ]

  private static var longSums: String {
    var lines = ["state h", "output h'"]
    var total = "h' = tanh(W_x x)"
    for value in 1...50 {
      let terms = (1...4).map { " + p_\(value)_\($0) ⊙ h / \(value + 60 * $0)" }
      lines.append("v\(value) = U_\(value) h" + terms.joined())
      total += " + v\(value)"
    }
    return (lines + [total]).joined(separator: "\n")
  }

  /// Each value is functions of the one before, `levels` deep, with what `map` gives within each.
  private static func chain(levels: Int, values: Int, map: (Int, Int) -> String) -> String {
    var lines = ["state h", "v0 = tanh(W_x x + U_h h)"]
    for value in 1...values {
      let open = (1...levels).map { "tanh(" + map(value, $0) }.joined()
      lines.append("v\(value) = \(open)v\(value - 1)\(String(repeating: ")", count: levels))")
    }
    return (lines + ["h' = v\(values)", "output h'"]).joined(separator: "\n")
  }

  @Test(arguments: large.indices) func planningOfTheLargestTakesMilliseconds(_ index: Int) throws {
    let (name, text) = CellPlanTests.large[index]
    let formula = try CellFormula(text: text, name: name)
    #expect(planningSeconds(formula) < bound, "\(name)")
  }

  /// Sums and products are computed where they are needed: thousands within each other, as deep as the bounds allow.
  @Test func deepSumsAndProductsArePlanned() throws {
    var lines = ["state h", "v0 = tanh(W_x x + U_h h)"]
    let (levels, values) = (30, 60)
    for value in 1...values {
      let open = String(repeating: "0.5 ⊙ (h + ", count: levels)
      lines.append("v\(value) = \(open)v\(value - 1)\(String(repeating: ")", count: levels))")
    }
    lines += ["h' = v\(values)", "output h'"]
    let outline = CellOutline(try CellFormula(text: lines.joined(separator: "\n")), inputSize: 3, hiddenSize: 2)
    #expect(outline.phaseCount == 2)
    // The product of a level is added in the same instruction as the sum of the next.
    #expect(outline.instructionCount >= levels * values)
  }

  @Test func theChainHasAPhaseForEachMap() throws {
    let outline = CellOutline(try CellFormula(text: CellPlanTests.large[0].text), inputSize: 3, hiddenSize: 2)
    #expect(outline.productCount == 241)
    #expect(outline.phaseCount == 242)
  }

  private func planningSeconds(_ formula: CellFormula) -> Double {
    threadSeconds(tries: 10, until: bound) { _ = CellOutline(formula, inputSize: 100, hiddenSize: 100) }
  }

  /// In seconds. A planner without optimisation has twelve times as long.
  private var bound: Double {
    #if DEBUG
      return 0.6
    #else
      return 0.05
    #endif
  }
}
