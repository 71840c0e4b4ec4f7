// The cell that a model's configuration asks for.

import EnsueFiles

extension CellFormula {
  /// A cell by name or by equations, with the rewrites asked for.
  /// - Parameters:
  ///   - text: the equations of a cell of the user's own; empty for the cell by name.
  ///   - kind: the cell by name.
  ///   - forgetBias: the first value of that cell's forget gate's bias, where it has one.
  ///   - leak: the share of its update that the output's state takes over at a step; 1 for all of it.
  ///   - recurrentDropout: the rate in training, where the cell must have what is dropped; it is not in the equations.
  /// - Throws: `Failure` where the user's equations are in error, or cannot be rewritten so.
  package init(
    text: String, or kind: RecurrentCellKind, forgetBias: Double, normalizesLayers: Bool, leak: Double = 1,
    recurrentDropout: Double
  ) throws(Failure) {
    var formula =
      text.utf8.isEmpty ? kind.formula(forgetBias: forgetBias) : try CellFormula(text: text, name: "cell formula")
    if normalizesLayers { formula = try formula.layerNormalised() }
    if leak < 1 { formula = try formula.leaky(.fixed(leak)) }
    if recurrentDropout > 0 { _ = try formula.droppingRecurrence() }
    self = formula
  }
}
