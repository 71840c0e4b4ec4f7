// The cells that other libraries have too. A cell is recognised by its equations, whatever its biases start at.

import EnsueFiles

/// The cells that have a place in some layout.
enum RecurrentWeightFamily {
  case lstm, gru, gruResetAfter, simple

  /// Nil for cells that no layout has.
  init?(_ kind: RecurrentCellKind) {
    switch kind {
    case .lstm, .lstmNoPeepholes: self = .lstm
    case .gru: self = .gru
    case .gruResetAfter: self = .gruResetAfter
    case .rnn, .rnnReLU: self = .simple
    case .outputFeedback, .rnnLeaky, .rnnLayerNorm, .lstm1997, .lstmPeephole, .lstmNoInputGate, .lstmNoForgetGate,
      .lstmNoOutputGate, .lstmNoInputActivation, .lstmNoOutputActivation, .lstmCoupledGates,
      .lstmFullGateRecurrence, .lstmLayerNorm, .gruLayerNorm, .mut1, .mut2, .mut3:
      return nil
    }
  }
}

extension RecurrentCellKind {
  // Parsing them all takes longer than converting a cell.
  private static let formulas = allCases.map { (kind: $0, formula: $0.formula()) }

  /// The cell that has these equations, written this way; of two with the same (`lstm` and `lstm-np`) the first. Nil
  /// where it is none of the named ones.
  package init?(of formula: CellFormula) {
    let found = RecurrentCellKind.formulas.first { _, known in
      known.equations == formula.equations && known.states == formula.states && known.output == formula.output
    }
    guard let found else { return nil }
    self = found.kind
  }
}
