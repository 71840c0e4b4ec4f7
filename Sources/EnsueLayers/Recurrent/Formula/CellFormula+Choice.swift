// The cell that a model's configuration asks for.

import EnsueFiles

extension CellFormula {
  /// A cell by name or by equations, with the rewrites asked for.
  /// - Parameters:
  ///   - text: the equations of a cell of the user's own; empty for the cell by name.
  ///   - kind: the cell by name.
  ///   - stored: the equations with their rewrites that take the place of all that; nil for none.
  ///   - options: what else is chosen of that cell; the learned leak is for every cell.
  ///   - forgetBias: the first value of that cell's forget gate's bias, where it has one.
  ///   - leak: the share of its update that the output's state takes over at a step; 1 for all of it.
  ///   - recurrentDropout: the rate in training, where the cell must have what is dropped; it is not in the equations.
  /// - Throws: `Failure` where the user's equations are in error, or cannot be rewritten so.
  package init(
    text: String, or kind: RecurrentCellKind, stored: String? = nil, _ options: RecurrentCellOptions? = nil,
    forgetBias: Double, normalizesLayers: Bool, leak: Double = 1, recurrentDropout: Double
  ) throws(Failure) {
    guard Float(forgetBias).isFinite else {
      throw Failure(
        .configuration, at: "forgetBias", "a first value that 32-bit arithmetic can hold expected, found \(forgetBias)")
    }
    var formula: CellFormula
    if text.utf8.isEmpty {
      formula = try kind.formula(forgetBias: forgetBias, options.chosen)
    } else {
      guard options.chosen.activation == nil, options.chosen.hasPeepholes else {
        throw Failure(
          .configuration, at: "cell", "a cell by name expected where its equations are chosen, found equations",
          advice: "Write the activation, and what the gates see, into them.")
      }
      formula = try CellFormula(text: text, name: "cell formula")
    }
    if let stored {
      formula = try CellFormula(text: stored, name: "equations")
    } else {
      if normalizesLayers { formula = try formula.layerNormalised() }
      if options.chosen.learnsLeak {
        formula = try formula.leaky(.learned)
      } else if leak < 1 {
        formula = try formula.leaky(.fixed(leak))
      }
    }
    if recurrentDropout > 0 { _ = try formula.droppingRecurrence() }
    self = formula
  }

  /// Whether a state is not the output: a memory cell.
  package var hasMemory: Bool { states.contains { FormulaNames.primed($0) != output } }

  /// Whether layer normalisation changes anything: not in a cell whose maps are all normalised.
  /// - Parameters:
  ///   - text: the equations of a cell of the user's own, where not in error; empty for the cell by name.
  ///   - kind: the cell by name.
  package static func canNormaliseLayers(text: String, or kind: RecurrentCellKind) -> Bool {
    let plain = try? CellFormula(text: text, or: kind, forgetBias: 1, normalizesLayers: false, recurrentDropout: 0)
    guard let plain, let normalised = try? plain.layerNormalised() else { return true }
    return normalised != plain
  }
}
