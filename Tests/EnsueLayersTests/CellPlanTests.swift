// What the planner makes of formulas: as few products as the equations allow, and in no time.

import EnsueLayers
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
    let time = ContinuousClock().measure { _ = CellOutline(formula, inputSize: 3, hiddenSize: 2) }
    #expect(time < .seconds(1))
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
    let clock = ContinuousClock()
    let times = (0..<3).map { _ in
      clock.measure { _ = CellOutline(subject.formula, inputSize: 100, hiddenSize: 100) }
    }
    #expect((times.min() ?? .seconds(1)) < .milliseconds(50), "\(times)")
  }
}
