// The configuration's leaves: names, options, ranges, help. What a leaf means in other tasks too, it is called as there.

import EnsueLayers
import EnsueModels
import EnsueTraining

extension RollConfiguration {
  /// All leaves in the order of the file and of the help.
  public static let settings = SettingsTable<Self>(
    dataSettings + modelSettings + cellSettings + cellOptionSettings + optimizationSettings + trainingSettings,
    defaults: RollConfiguration())

  private static let dataSettings: [Setting<Self>] = [
    .path(
      "data.path", \.data.path, option: "data", placeholder: "FILE",
      "the pieces: a JSON file of train, valid and test, each a list of pieces, each a list of steps of MIDI notes"),
    .integer(
      "data.transposition", \.data.transposition, 0...11, option: "transposition",
      "semitones that training pieces are moved by at most, up or down, anew in every epoch"),
  ]

  private static let modelSettings: [Setting<Self>] = [
    .choice("model.cell", \.model.cell, option: "cell", "the recurrent cell"),
    .cellFormula("model.cellFormula", \.model.cellFormula, option: "cell-file"),
    .integer("model.hiddenSize", \.model.hiddenSize, 1...8192, option: "hidden", "units of a layer"),
    .integer("model.layers", \.model.layerCount, 1...64, option: "layers", "recurrent layers"),
    .choice("model.connection", \.model.connection, option: "connection", "how layers are connected")
      .read(by: "a stack of several layers, or a residual layer as wide as its input,") {
        $0.model.connection.hasEffect(
          layerCount: $0.model.layerCount, inputSize: $0.model.noteCount, outputSize: $0.model.hiddenSize)
      },
    .number(
      "model.dropout", \.model.dropout, 0..<1, option: "dropout",
      "share set to zero between layers and before the output"),
    .flag(
      "model.dropsWholeSequences", \.model.dropsWholeSequences, option: "variational-dropout",
      "one dropout mask a piece, the same at every step"
    ).read(by: "a model with --dropout") { $0.model.dropout > 0 },
  ]

  private static let cellSettings: [Setting<Self>] = [
    .number(
      "model.recurrentDropout", \.model.recurrentDropout, 0..<1, option: "recurrent-dropout",
      "variational dropout of the recurrence"),
    .number(
      "model.zoneout", \.model.zoneout, 0..<1, option: "zoneout", "probability that a unit keeps its value at a step"),
    .choice("model.inputInitializer", \.model.inputInitializer, "first values of input weights"),
    .choice("model.recurrentInitializer", \.model.recurrentInitializer, "first values of recurrent weights"),
    .number(
      "model.forgetBias", \.model.forgetBias, -10...10, option: "forget-bias", "first value of the LSTM's forget bias"
    ).read(by: "a cell with a forget gate of its own") {
      $0.model.cellFormula.utf8.isEmpty && $0.model.cell.hasForgetBias
    },
    .flag(
      "model.normalizesLayers", \.model.normalizesLayers, option: "layer-norm",
      "normalise the cell's sums before activation"
    ).read(by: "a cell with sums that it does not normalise itself") {
      CellFormula.canNormaliseLayers(text: $0.model.cellFormula, or: $0.model.cell)
    },
    .number(
      "model.leak", \.model.leak, .above(0, through: 1), option: "leak",
      "share of its update that the state takes over at a step"
    ).read(by: "a cell without --learn-leak") { !$0.chosenCellOptions.learnsLeak },
    .flag(
      "model.learnsInitialState", \.model.learnsInitialState, option: "learn-initial-state",
      "train the state before the first step"),
    .number(
      "model.normStabilizer", \.model.normStabilizer, 0...1000, option: "norm-stabilizer",
      "weight of the change of the states' norm from step to step"),
    .number(
      "model.gradientPropagation", \.model.gradientPropagation, 0...1000, option: "gradient-propagation",
      "weight of the change of the gradients' norm from step to step; a step takes several times as long"),
  ]

  private static let trainingSettings: [Setting<Self>] =
    loopSettings + clippingSettings + [patienceSetting(in: "epochs")] + seedSettings

  private static let loopSettings: [Setting<Self>] = [
    .integer("training.epochs", \.training.epochs, 1...1_000_000, option: "epochs", "most passes over the pieces"),
    .integer("training.batchSize", \.training.batchSize, 1...65_536, option: "batch", "pieces of a step"),
  ]
}
