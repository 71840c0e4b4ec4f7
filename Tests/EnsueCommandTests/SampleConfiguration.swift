// A configuration as the real ones are, and the commands of a small program, for the tests of this folder.

import EnsueTasks

enum SampleModelKind: String, Codable, CaseIterable, Sendable {
  case meanPooling = "mean-pooling"
  case lstm
  case bilstm
  case transformer
}

enum SampleScheduleKind: String, Codable, CaseIterable, Sendable {
  case cosine
  case noam
}

struct SampleConfiguration: Sendable {
  struct Model: Sendable {
    var kind = SampleModelKind.bilstm
    var hiddenSize = 128
    var dropout: Float = 0.3
    var leak: Double = 0
  }
  struct Embedding: Sendable {
    var file = ""
    var isTrained = false
  }
  struct Optimizer: Sendable {
    var learningRate = 0.001
    var clipNorm: Double? = 5
    var schedule: SampleScheduleKind?
  }
  struct Training: Sendable {
    var seed: UInt64 = 1
    var epochs = 20
    var stepLimit: Int?
    var note = ""
  }
  struct Data: Sendable {
    var training = ""
    var labels: [String] = []
    var validationShare = 0.2
  }
  var model = Model()
  var embedding = Embedding()
  var optimizer = Optimizer()
  var training = Training()
  var data = Data()

  static let settings = SettingsTable<SampleConfiguration>(
    [
      .path("data.training", \.data.training, option: "data", "the sentences to train on"),
      .list("data.labels", \.data.labels, option: "labels", "names of the classes, in order"),
      .number("data.validation.share", \.data.validationShare, 0..<1, option: "validation-share", "share held out"),
      .choice("model.kind", \.model.kind, option: "model", "the classifier"),
      .integer(
        "model.hiddenSize", \.model.hiddenSize, 1...8192, option: "hidden",
        "units of each recurrent layer and direction"),
      .number("model.dropout", \.model.dropout, 0..<1, option: "dropout", "share of values set to zero"),
      .number("model.leak", \.model.leak, 0...1, "part of the former state that stays"),
      .path("embedding.file", \.embedding.file, option: "embeddings", placeholder: "FILE", "word vectors"),
      .flag("embedding.isTrained", \.embedding.isTrained, option: "train-embeddings", "train the word vectors too"),
      .number("optimizer.learningRate", \.optimizer.learningRate, 0...10, option: "learning-rate", "size of a step"),
      .number("optimizer.clipNorm", \.optimizer.clipNorm, .above(0), option: "clip", "largest norm of a gradient"),
      .choice("optimizer.schedule", \.optimizer.schedule, option: "schedule", "how the step size changes"),
      .integer(
        "training.seed", \.training.seed, 0...UInt64(Int.max), option: "seed", "start of all random numbers"),
      .integer("training.epochs", \.training.epochs, 1...100_000, option: "epochs", "passes over the data"),
      .integer("training.stepLimit", \.training.stepLimit, 1...Int.max, "steps after which training ends"),
      .text("training.note", \.training.note, option: "note", "any text, kept with the run"),
    ], defaults: SampleConfiguration())
}

enum SampleProgram {
  static let trainClassify = Command(
    "train classify", group: "Training", "train a sentence classifier",
    discussion: "Reads sentences with labels, trains a model and writes a run folder.\nThe same command resumes.",
    examples: [
      CommandExample(
        "Train on a table of your own", "ensue train classify --data reviews.tsv --model bilstm --out runs/bilstm"),
      CommandExample("Repeat a run with another seed", "ensue train --config runs/mr/configuration.json --seed 3"),
    ],
    options: [
      .value("out", .path, placeholder: "FOLDER", isRequired: true, "the run folder"),
      .flag("json", "print the results as JSON"),
    ], settings: SampleConfiguration.settings.options)

  static let evaluate = Command(
    "evaluate", group: "Using a run", "measure a run on other data",
    positionals: [Positional("RUN", .path, .one, "a run folder"), Positional("FILE", .path, .any, "more data")],
    options: [
      .value("batch-size", .integer(1...65536), default: "64", "sentences at once"),
      .value("threshold", .number(.above(0, below: 1)), "probability of a positive"),
      .repeated("metric", .choice(["accuracy", "macro-f1"]), "what to print"), .flag("json", "print JSON"),
    ])

  static let predict = Command(
    "predict", group: "Using a run", "label sentences",
    positionals: [Positional("RUN", .path, .one, "a run folder"), Positional("FILE", .path, .optional, "sentences")],
    options: [.value("prompt", .text, "text to begin with")])

  static let trainLanguageModel = Command(
    "train language-model", group: "Training", "train a language model", settings: SampleConfiguration.settings.options)

  static let commands = CommandSet(
    program: "ensue",
    about: "Ensue trains, compares, ships and serves sequence models: classifiers, language models, translators."
      + " One native program, no Python.",
    commands: [trainClassify, trainLanguageModel, evaluate, predict],
    examples: [
      CommandExample("Train a classifier", "ensue train classify --data reviews.tsv --out runs/bilstm"),
      CommandExample("Measure it", "ensue evaluate runs/bilstm test.tsv"),
      CommandExample("Use it", "ensue predict runs/bilstm < sentences.txt"),
    ])

  /// The words of a line, split at spaces; `␣` stands for a space inside a word, `∅` for an empty word.
  static func words(_ line: String) -> [String] {
    line.split(separator: " ").map { word in
      word == "∅" ? "" : String(String.UnicodeScalarView(word.unicodeScalars.map { $0 == "␣" ? " " : $0 }))
    }
  }
}
