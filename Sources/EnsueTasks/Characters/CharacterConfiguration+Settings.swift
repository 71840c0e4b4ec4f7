// The configuration's leaves: names, options, ranges, help. What a leaf means in both, it is called as for classifiers.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTraining

extension CharacterConfiguration {
  /// All leaves in the order of the file and of the help.
  public static let settings = SettingsTable<Self>(
    dataSettings + modelSettings + cellSettings + optimizationSettings + trainingSettings,
    defaults: CharacterConfiguration())

  private static let dataSettings: [Setting<Self>] = [
    .path("data.path", \.data.path, option: "data", placeholder: "FILE", "the text"),
    .path(
      "data.validationPath", \.data.validationPath, option: "validation", placeholder: "FILE",
      "a text to validate on instead of the end of the text"),
    .path(
      "data.testPath", \.data.testPath, option: "test", placeholder: "FILE", "a text to test the best weights on"),
    .number(
      "data.validationFraction", \.data.validationFraction, .above(0, below: 1), option: "validation-fraction",
      "share of the text, at its end, to validate on"),
    .choice("data.encoding", \.data.encoding, option: "encoding", "the files' encoding"),
    .choice("data.badBytes", \.data.badBytes, option: "bad-bytes", "what to do with bytes that are no UTF-8"),
  ]

  private static let modelSettings: [Setting<Self>] = [
    .choice("model.cell", \.model.cell, option: "cell", "the recurrent cell"),
    .cellFormula("model.cellFormula", \.model.cellFormula, option: "cell-file"),
    .integer(
      "model.embeddingSize", \.model.embeddingSize, 1...4096, option: "embedding-size",
      "features of a character's vector"),
    .integer("model.hiddenSize", \.model.hiddenSize, 1...8192, option: "hidden", "units of a layer"),
    .integer("model.layers", \.model.layerCount, 1...64, option: "layers", "recurrent layers"),
    .choice("model.connection", \.model.connection, option: "connection", "how layers are connected"),
    .number(
      "model.dropout", \.model.dropout, 0..<1, option: "dropout",
      "share set to zero after the embedding, between layers and before the output"),
  ]

  private static let cellSettings: [Setting<Self>] = [
    .flag(
      "model.dropsWholeSequences", \.model.dropsWholeSequences, option: "variational-dropout",
      "one dropout mask a segment, the same at every character"),
    .number(
      "model.recurrentDropout", \.model.recurrentDropout, 0..<1, option: "recurrent-dropout",
      "variational dropout of the recurrence"),
    .number(
      "model.zoneout", \.model.zoneout, 0..<1, option: "zoneout", "probability that a unit keeps its value at a step"),
    .choice("model.inputInitializer", \.model.inputInitializer, "first values of input weights"),
    .choice("model.recurrentInitializer", \.model.recurrentInitializer, "first values of recurrent weights"),
    .number(
      "model.forgetBias", \.model.forgetBias, -10...10, option: "forget-bias", "first value of the LSTM's forget bias"),
    .flag(
      "model.normalizesLayers", \.model.normalizesLayers, option: "layer-norm",
      "normalise the cell's sums before activation"),
    .number(
      "model.leak", \.model.leak, .above(0, through: 1), option: "leak",
      "share of its update that the state takes over at a step"),
    .flag(
      "model.learnsInitialState", \.model.learnsInitialState, option: "learn-initial-state",
      "train the state before the first character"),
  ]

  private static let trainingSettings: [Setting<Self>] = [
    .integer("training.epochs", \.training.epochs, 1...1_000_000, option: "epochs", "most passes over the text"),
    .integer(
      "training.batchSize", \.training.batchSize, 1...65_536, option: "batch", "streams of the text side by side"),
    .integer(
      "training.steps", \.training.steps, 1...100_000, option: "steps",
      "characters of a stream that a step reads and a gradient goes back through"),
    .number(
      "training.clipNorm", \.training.clipNorm, .above(0, through: 1e9), option: "clip-norm",
      "largest norm of the gradient"),
    .number(
      "training.clipValue", \.training.clipValue, .above(0, through: 1e9), option: "clip-value",
      "largest single number of the gradient"),
    .integer(
      "training.patience", \.training.patience, 1...1_000_000, option: "patience",
      "epochs without improvement before stopping"),
    .integer("training.seed", \.training.seed, 0...Int.max, option: "seed", "seed of all random numbers of training"),
    .number("training.checkpointSeconds", \.training.checkpointSeconds, 0...86_400, "seconds between checkpoints"),
  ]
}
