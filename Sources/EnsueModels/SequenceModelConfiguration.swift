// What a model of sequences of vectors needs to be told.

import EnsueLayers

/// The parts of a `SequenceModel` and their sizes.
public struct SequenceModelConfiguration: Sendable {
  /// The cell of every layer.
  public var formula: CellFormula
  /// Sizes, first weights and regularisation of the first layer's cell; the other layers follow it.
  public var cell: RecurrentCellConfiguration
  /// Layers, and the dropout between them and before the output.
  public var stack: RecurrentStackConfiguration
  public var outputSize: Int
  public var readout: SequenceReadoutKind

  public init(
    formula: CellFormula, cell: RecurrentCellConfiguration, stack: RecurrentStackConfiguration = .init(),
    outputSize: Int, readout: SequenceReadoutKind
  ) {
    (self.formula, self.cell, self.stack) = (formula, cell, stack)
    (self.outputSize, self.readout) = (outputSize, readout)
  }
}
