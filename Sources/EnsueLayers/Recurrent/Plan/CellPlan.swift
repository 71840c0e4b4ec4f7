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
    func planned(_ formula: CellFormula) -> (inference: Mode, training: Mode, terms: CellTerms) {
      let programs = CellPlanner.programs(
        for: formula, inputSize: inputSize, hiddenSize: hiddenSize, results: beside, forced: Set(forced))
      let terms = programs.terms
      func mode(_ program: CellProgram) -> Mode {
        Mode(program: SharedProgram(program), maskNames: terms.masks, noiseNames: terms.noises)
      }
      return (mode(programs.inference), mode(programs.training), terms)
    }
    let used = planned(CellPlan.used(formula, regularization))
    (inference, matrixNames, vectorNames) = (used.inference, used.terms.matrices, used.terms.vectors)
    (resultNames, outputIndex) = (names, names.firstIndex(of: formula.output) ?? 0)
    let trained = regularization.drawsNothing ? used : planned(CellPlan.trained(formula, regularization))
    training = keepsInputApart ? trained.inference : trained.training
  }

  /// In use, zoneout is its expectation and a mask is one.
  private static func used(_ formula: CellFormula, _ regularization: RecurrentRegularization) -> CellFormula {
    formula.zonedOut { state in
      let rate = regularization.zoneout(of: state, in: formula)
      return rate > 0 ? .constant(rate) : nil
    }
  }

  private static func trained(_ formula: CellFormula, _ regularization: RecurrentRegularization) -> CellFormula {
    let dropped = regularization.dropout > 0 ? formula.maskingMappedStates() : formula
    return dropped.zonedOut { state in
      regularization.zoneout(of: state, in: formula) > 0 ? .noise(FormulaNames.noisePrefix + state) : nil
    }
  }
}
