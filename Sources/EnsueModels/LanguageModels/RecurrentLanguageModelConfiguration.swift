// What a recurrent language model needs to be told, besides its weights.

import EnsueFiles
import EnsueLayers

/// The architecture of a recurrent language model. A bundle stores it beside the weights.
public struct RecurrentLanguageModelConfiguration: Sendable, Codable, Equatable {
  public var cell = RecurrentCellKind.lstm
  /// The equations of a cell of the user's own, in place of a cell by name; empty for none.
  public var cellFormula = ""
  /// What else is chosen of the cell; nil for the cell as it is.
  public var cellOptions: RecurrentCellOptions?
  /// In a bundle the equations in full, whichever way they were chosen, where they are not what the other settings give;
  /// nil elsewhere.
  public var equations: String?
  /// Symbols, the unknown one among them.
  public var vocabularySize = 2
  /// Features of a symbol's vector.
  public var embeddingSize = 64
  public var hiddenSize = 128
  public var layerCount = 2
  public var connection = ConnectionKind.plain
  /// Whether the output layer's weights are the embedding's (Press and Wolf 2017; Inan et al. 2017): as many features
  /// as units.
  public var isTied = false
  /// Share of values set to zero after the embedding, between layers and before the output.
  public var dropout = 0.0
  /// The share after the embedding; nil for `dropout`.
  public var embeddingDropout: Double?
  /// The share before the output; nil for `dropout`.
  public var outputDropout: Double?
  /// Whether dropout draws one mask a segment of a stream instead of one a step.
  public var dropsWholeSequences = false
  /// Variational dropout of the recurrence; a mask holds for a segment.
  public var recurrentDropout = 0.0
  public var zoneout = 0.0
  /// The share of the vocabulary that is left out of a segment (Gal and Ghahramani 2016); nil for none.
  public var wordDropout: Double?
  /// The weight of the norm-stabilizer of the layers' outputs; nil for none (Krueger and Memisevic 2016).
  public var normStabilizer: Double?
  /// The weight of what keeps the norm of gradients from step to step; nil for none (Pascanu et al. 2013).
  public var gradientPropagation: Double?
  public var inputInitializer = InitializerKind.glorot
  public var recurrentInitializer = InitializerKind.orthogonal
  /// Every matrix begins uniform on ± this in place of the above (Zaremba et al. 2014); nil for the above.
  public var initializerRange: Double?
  /// First value of the forget gate's bias, where there is one.
  public var forgetBias = 1.0
  /// Whether the sums before activation are normalised (`CellFormula.layerNormalised`).
  public var normalizesLayers = false
  /// The share of its update that the output's state takes over at a step; 1 for all of it.
  public var leak = 1.0
  /// Whether the states before the first symbol of a text are learned.
  public var learnsInitialState = false

  public init() {}

  /// As it stands in tables: `LSTM × 2`.
  public var title: String {
    let name = cellFormula.utf8.isEmpty ? cell.title : "own cell"
    return layerCount > 1 ? "\(name) × \(layerCount)" : name
  }

  /// Refuses sizes and regularisers that do not go together.
  /// - Throws: `Failure` of kind `configuration`.
  public func check() throws(Failure) {
    try cellConfiguration.regularization.check(gradientPropagation: gradientPropagation ?? 0)
    guard !isTied || embeddingSize == hiddenSize else {
      throw Failure(
        .configuration, at: "model.embeddingSize",
        "as many features as the \(hiddenSize) units expected for a tied output, found \(embeddingSize)")
    }
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
    let (symbols, features) = (Double(vocabularySize), Double(embeddingSize))
    let (hidden, layers) = (Double(hiddenSize), Double(layerCount))
    let ends = symbols * features + (isTied ? 0 : symbols * hidden)
    guard let parameters = try? formula().parameters else { return ends }
    let inputMaps = Double(parameters.count { $0.kind == .inputMap })
    let stateMaps = Double(parameters.count { $0.kind == .stateMap })
    let inputs = inputMaps * hidden * (features + (layers - 1) * hidden)
    return ends + inputs + layers * stateMaps * hidden * hidden
  }

  /// Numbers that a training step keeps for each symbol it reads, at least. Scores are made and used in blocks of a
  /// fixed size (`outputCrossEntropy`), so that a large vocabulary takes no more.
  public var leastNumbersPerStep: Double {
    guard let formula = try? formula() else { return Double(embeddingSize) }
    return Double(embeddingSize)
      + formula.leastNumbersPerStep(inputSize: embeddingSize, hiddenSize: hiddenSize, layerCount: layerCount)
  }

  var cellConfiguration: RecurrentCellConfiguration {
    RecurrentCellConfiguration(
      inputSize: embeddingSize, hiddenSize: hiddenSize, inputInitializer: inputInitializer,
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
