// What a model of piano rolls needs to be told, besides its weights.

import EnsueFiles
import EnsueLayers

/// The architecture of a model of music as steps of notes. A bundle stores it beside the weights.
public struct RollModelConfiguration: Sendable, Codable, Equatable {
  /// The MIDI note of the first input and output; 21 is a piano's lowest.
  public var lowestNote = 21
  /// Notes that may sound, each an input and an output.
  public var noteCount = 88
  public var cell = RecurrentCellKind.lstm
  /// The equations of a cell of the user's own, in place of a cell by name; empty for none.
  public var cellFormula = ""
  /// What else is chosen of the cell; nil for the cell as it is.
  public var cellOptions: RecurrentCellOptions?
  /// In a bundle the equations in full, whichever way they were chosen, where they are not what the other settings give;
  /// nil elsewhere.
  public var equations: String?
  public var hiddenSize = 128
  public var layerCount = 1
  public var connection = ConnectionKind.plain
  /// Share of values set to zero between layers and before the output.
  public var dropout = 0.0
  /// Whether dropout draws one mask a piece instead of one a step.
  public var dropsWholeSequences = false
  /// Variational dropout of the recurrence.
  public var recurrentDropout = 0.0
  public var zoneout = 0.0
  public var inputInitializer = InitializerKind.glorot
  public var recurrentInitializer = InitializerKind.orthogonal
  /// First value of the forget gate's bias, where there is one.
  public var forgetBias = 1.0
  /// Whether the sums before activation are normalised (`CellFormula.layerNormalised`).
  public var normalizesLayers = false
  /// The share of its update that the output's state takes over at a step; 1 for all of it.
  public var leak = 1.0
  /// Whether the states before the first step of a piece are learned.
  public var learnsInitialState = false
  /// The weight of the norm-stabilizer of the layers' outputs; 0 for none (Krueger and Memisevic 2016).
  public var normStabilizer = 0.0
  /// The weight of what keeps the norm of gradients from step to step; 0 for none (Pascanu et al. 2013).
  public var gradientPropagation = 0.0

  public init() {}

  /// The MIDI notes that the model knows.
  public var notes: Range<Int> { lowestNote..<lowestNote + noteCount }

  /// As it stands in tables: `LSTM × 2`.
  public var title: String {
    let name = cellFormula.utf8.isEmpty ? cell.title : "own cell"
    return layerCount > 1 ? "\(name) × \(layerCount)" : name
  }

  /// The cell's equations with the rewrites asked for.
  /// - Throws: `Failure` where the user's equations are in error, or cannot be rewritten so.
  public func formula() throws(Failure) -> CellFormula {
    try CellFormula(
      text: cellFormula, or: cell, stored: equations, cellOptions, forgetBias: forgetBias,
      normalizesLayers: normalizesLayers, leak: leak, recurrentDropout: recurrentDropout)
  }

  /// The number of weights, but for small vectors: never more than there are. In floating point, which does not
  /// overflow, so that sizes from a file can be judged before memory is taken.
  public var leastWeightCount: Double {
    let (notes, hidden, layers) = (Double(noteCount), Double(hiddenSize), Double(layerCount))
    guard let parameters = try? formula().parameters else { return notes * hidden }
    let inputMaps = Double(parameters.count { $0.kind == .inputMap })
    let stateMaps = Double(parameters.count { $0.kind == .stateMap })
    return notes * hidden + inputMaps * hidden * (notes + (layers - 1) * hidden) + layers * stateMaps * hidden * hidden
  }

  /// Numbers that a training step keeps for each step of a piece, at least.
  public var leastNumbersPerStep: Double {
    guard let formula = try? formula() else { return 4 * Double(noteCount) }
    return 4 * Double(noteCount)
      + formula.leastNumbersPerStep(inputSize: noteCount, hiddenSize: hiddenSize, layerCount: layerCount)
  }

  var cellConfiguration: RecurrentCellConfiguration {
    RecurrentCellConfiguration(
      inputSize: noteCount, hiddenSize: hiddenSize, inputInitializer: inputInitializer,
      recurrentInitializer: recurrentInitializer,
      regularization: RecurrentRegularization(
        dropout: recurrentDropout, zoneout: zoneout, memoryZoneout: cellOptions.chosen.memoryZoneout),
      learnsInitialState: learnsInitialState)
  }

  var stackConfiguration: RecurrentStackConfiguration {
    RecurrentStackConfiguration(
      layerCount: layerCount, connection: connection, dropout: dropout, dropsWholeSequences: dropsWholeSequences)
  }
}
