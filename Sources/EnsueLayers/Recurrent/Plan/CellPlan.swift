// The programs of a cell: for use, and for training where that draws masks or noise.

import EnsueTensor

/// A cell's programs with the names of what they read and give. Shared by all copies of the cell.
final class CellPlan: Sendable {
  /// A program and what it draws.
  struct Mode: Sendable {
    let program: SharedProgram
    let maskNames: [String]
    let noiseNames: [String]
  }

  let inference: Mode
  let training: Mode
  let matrixNames: [String]
  let vectorNames: [String]
  /// The states after the step, then the output where it is none of them, then the exposed values.
  let resultNames: [String]
  let outputIndex: Int
  let stateCount: Int

  /// - Parameter keepsInputApart: whether the input's products are never part of the steps'.
  init(
    _ formula: CellFormula, _ inputSize: Int, _ hiddenSize: Int, _ regularization: RecurrentRegularization,
    exposed: [String], forced: [String], keepsInputApart: Bool = false
  ) {
    stateCount = formula.states.count
    var names = formula.states.map { $0 + "'" }
    for name in [formula.output] + exposed where !names.contains(name) { names.append(name) }
    let beside = Array(names.dropFirst(formula.states.count))
    func planned(_ formula: CellFormula, isForTraining: Bool) -> (mode: Mode, terms: CellTerms) {
      let (program, terms) = CellPlanner.program(
        for: formula, inputSize: inputSize, hiddenSize: hiddenSize, results: beside, forced: Set(forced),
        isForTraining: isForTraining)
      return (Mode(program: SharedProgram(program), maskNames: terms.masks, noiseNames: terms.noises), terms)
    }
    let (mode, terms) = planned(CellPlan.used(formula, regularization), isForTraining: false)
    (inference, matrixNames, vectorNames) = (mode, terms.matrices, terms.vectors)
    (resultNames, outputIndex) = (names, names.firstIndex(of: formula.output) ?? 0)
    training = planned(CellPlan.trained(formula, regularization), isForTraining: !keepsInputApart).mode
  }

  /// In use, zoneout is its expectation and a mask is one.
  private static func used(_ formula: CellFormula, _ regularization: RecurrentRegularization) -> CellFormula {
    guard regularization.zoneout > 0 else { return formula }
    return formula.zonedOut { _ in .constant(regularization.zoneout) }
  }

  private static func trained(_ formula: CellFormula, _ regularization: RecurrentRegularization) -> CellFormula {
    let dropped = regularization.dropout > 0 ? formula.maskingMappedStates() : formula
    return regularization.zoneout > 0 ? dropped.zonedOut { .noise(FormulaNames.noisePrefix + $0) } : dropped
  }
}
