// The configuration's leaves: names, options, ranges, help. What a leaf means in both, it is called as for classifiers.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueText
import EnsueTraining

extension LanguageConfiguration {
  /// All leaves in the order of the file and of the help.
  public static let settings = SettingsTable<Self>(
    dataSettings + tokenSettings + modelSettings + networkSettings + trainedSettings + sampleSettings,
    defaults: LanguageConfiguration())

  private static let networkSettings: [Setting<Self>] =
    (recurrentSettings + cellOptionSettings).read(by: "a recurrent model") { $0.model.kind == .recurrent }
    + transformerSettings.read(by: "a Transformer") { $0.model.kind == .transformer }

  private static let trainedSettings: [Setting<Self>] =
    (optimizationSettings + trainingSettings).read(by: "a model that is trained") { $0.model.kind.isTrained }

  private static let dataSettings: [Setting<Self>] = [
    .list("data.paths", \.data.paths, of: .paths, option: "data", placeholder: "FILE,...", "the text"),
    .path(
      "data.corpus", \.data.corpus, option: "corpus", placeholder: "FOLDER",
      "token shards of ensue corpus build to train on instead"),
    .path(
      "data.validationPath", \.data.validationPath, option: "validation",
      "a text or corpus to validate on instead of the end of the text"),
    .path("data.testPath", \.data.testPath, option: "test", "a text or corpus to test the best weights on"),
    .number(
      "data.validationFraction", \.data.validationFraction, .above(0, below: 1), option: "validation-fraction",
      "share of the text, at its end, to validate on"
    ).read(by: "a text without --validation") { $0.data.validationPath.utf8.isEmpty },
    .choice("data.encoding", \.data.encoding, option: "encoding", "the files' encoding"),
    .choice("data.badBytes", \.data.badBytes, option: "bad-bytes", "what to do with bytes that are no UTF-8"),
  ]

  private static let tokenSettings: [Setting<Self>] = [
    .choice("tokens.level", \.tokens.level, option: "level", "into which pieces the text is cut")
      .read(by: "a text given by --data") { $0.data.corpus.utf8.isEmpty },
    .path(
      "tokens.tokenizer", \.tokens.tokenizer, option: "tokenizer", placeholder: "FILE", "the tokenizer.json of subwords"
    ),
    .integer(
      "tokens.minimumCount", \.tokens.minimumCount, 1...1_000_000, option: "min-count", "rarer words are unknown"
    ).read(by: "a vocabulary of words made from --data", where: makesWords),
    .integer(
      "tokens.wordLimit", \.tokens.wordLimit, 1...(1 << 24), option: "max-words", "most words that are known"
    ).read(by: "a vocabulary of words made from --data", where: makesWords),
  ]

  private static let makesWords: @Sendable (Self) -> Bool = {
    $0.tokens.level == .words && $0.data.corpus.utf8.isEmpty
  }

  private static let modelSettings: [Setting<Self>] =
    [
      .choice("model.kind", \.model.kind, option: "model", "what predicts the next token"),
      .integer("model.layers", \.model.layerCount, 1...64, option: "layers", "recurrent layers, or blocks")
        .read(by: "a network of layers", where: hasLayers),
      .number(
        "model.dropout", \.model.dropout, 0..<1, option: "dropout",
        "share set to zero after the embedding, between layers and before the output; in a Transformer after every part"
      ).read(by: "a network of layers", where: hasLayers),
      .number(
        "model.embeddingDropout", \.model.embeddingDropout, 0..<1, option: "embedding-dropout",
        "share set to zero after the embedding; none for that of --dropout"
      ).read(by: "a network of layers", where: hasLayers),
      .number(
        "model.wordDropout", \.model.wordDropout, 0..<1, option: "word-dropout",
        "share of the vocabulary left out of a batch"
      ).read(by: "a network of layers", where: hasLayers),
      .flag(
        "model.tied", \.model.isTied, option: "tied",
        "output weights are the embedding's; none: in a Transformer, not in a recurrent model"
      ).read(by: "a network of layers", where: hasLayers),
    ] + nGramSettings.read(by: "an n-gram model") { $0.model.kind == .ngram }

  private static let hasLayers: @Sendable (Self) -> Bool = {
    switch $0.model.kind {
    case .recurrent, .transformer: true
    case .bigram, .ngram: false
    }
  }

  private static let nGramSettings: [Setting<Self>] = [
    .integer("model.order", \.model.ngram.order, 1...16, option: "order", "symbols of an n-gram"),
    .choice(
      "model.smoothing", \.model.ngram.smoothing, option: "smoothing", "what an n-gram model does with few counts"),
    .number(
      "model.pseudocount", \.model.ngram.pseudocount, .above(0, through: 1000), option: "pseudocount",
      "what add-k adds to every count"
    ).read(by: "--smoothing add-k") { $0.model.ngram.smoothing == .addK },
  ]

  private static let recurrentSettings: [Setting<Self>] = [
    .choice("model.cell", \.model.recurrent.cell, option: "cell", "the recurrent cell"),
    .cellFormula("model.cellFormula", \.model.recurrent.cellFormula, option: "cell-file"),
    .integer(
      "model.embeddingSize", \.model.recurrent.embeddingSize, 1...4096, option: "embedding-size",
      "features of a token's vector"),
    .integer("model.hiddenSize", \.model.recurrent.hiddenSize, 1...8192, option: "hidden", "units of a layer"),
    .choice("model.connection", \.model.recurrent.connection, option: "connection", "how layers are connected")
      .read(by: "a stack of several layers, or a residual layer as wide as its input,") {
        $0.model.recurrent.connection.hasEffect(
          layerCount: $0.model.layerCount, inputSize: $0.model.recurrent.embeddingSize,
          outputSize: $0.model.recurrent.hiddenSize)
      },
    .number(
      "model.outputDropout", \.model.recurrent.outputDropout, 0..<1, option: "output-dropout",
      "share set to zero before the output; none for that of --dropout"),
    .flag(
      "model.dropsWholeSequences", \.model.recurrent.dropsWholeSequences, option: "variational-dropout",
      "one dropout mask a segment, the same at every token"
    ).read(by: "a model with --dropout") { root in
      [root.model.dropout, root.model.embeddingDropout ?? 0, root.model.recurrent.outputDropout ?? 0]
        .contains { $0 > 0 }
    },
    .number(
      "model.recurrentDropout", \.model.recurrent.recurrentDropout, 0..<1, option: "recurrent-dropout",
      "variational dropout of the recurrence"),
    .number(
      "model.zoneout", \.model.recurrent.zoneout, 0..<1, option: "zoneout",
      "probability that a unit keeps its value at a step"),
    .number(
      "model.normStabilizer", \.model.recurrent.normStabilizer, 0...1000, option: "norm-stabilizer",
      "weight of the change of the states' norm from step to step"),
    .number(
      "model.gradientPropagation", \.model.recurrent.gradientPropagation, 0...1000, option: "gradient-propagation",
      "weight of the change of the gradients' norm from step to step; a step takes several times as long"),
    .choice("model.inputInitializer", \.model.recurrent.inputInitializer, "first values of input weights")
      .read(by: "a model without --init-range", where: beginsByInitializers),
    .choice("model.recurrentInitializer", \.model.recurrent.recurrentInitializer, "first values of recurrent weights")
      .read(by: "a model without --init-range", where: beginsByInitializers),
    .number(
      "model.initializerRange", \.model.recurrent.initializerRange, .above(0, through: 100), option: "init-range",
      "every matrix begins uniform on plus and minus this instead"),
    .number(
      "model.forgetBias", \.model.recurrent.forgetBias, -10...10, option: "forget-bias",
      "first value of the LSTM's forget bias"
    ).read(by: "a cell with a forget gate of its own") {
      $0.model.recurrent.cellFormula.utf8.isEmpty && $0.model.recurrent.cell.hasForgetBias
    },
    .flag(
      "model.normalizesLayers", \.model.recurrent.normalizesLayers, option: "layer-norm",
      "normalise the cell's sums before activation"
    ).read(by: "a cell with sums that it does not normalise itself") {
      CellFormula.canNormaliseLayers(text: $0.model.recurrent.cellFormula, or: $0.model.recurrent.cell)
    },
    .number(
      "model.leak", \.model.recurrent.leak, .above(0, through: 1), option: "leak",
      "share of its update that the state takes over at a step"
    ).read(by: "a cell without --learn-leak") { !$0.chosenCellOptions.learnsLeak },
    .flag(
      "model.learnsInitialState", \.model.recurrent.learnsInitialState, option: "learn-initial-state",
      "train the state before the first token"),
  ]

  private static let beginsByInitializers: @Sendable (Self) -> Bool = { $0.model.recurrent.initializerRange == nil }

  private static let transformerSettings: [Setting<Self>] =
    [
      .integer(
        "model.contextLength", \.model.transformer.contextLength, 1...(1 << 20), option: "context",
        "tokens of a window that a Transformer sees")
    ] + blockSizeSettings
    + [
      .choice(
        "model.positions", \.model.transformer.positions, option: "positions",
        "how a Transformer is told the order of tokens")
    ] + blockNormSettings
    + [
      .integer(
        "model.attentionWindow", \.model.transformer.attentionWindow, 1...(1 << 20), option: "attention-window",
        "tokens before a token that it attends to; none for all"),
      .integer(
        "model.attentionBlock", \.model.transformer.attentionBlock, 1...(1 << 20), option: "attention-block",
        "tokens of a block, within which alone tokens attend to earlier ones; none for all"),
    ] + blockDropoutSettings
    + [
      .choice(
        "model.initializer", \.model.initializer,
        "first values of a Transformer's weights; none for gpt-2 with norms and t-fixup without")
    ]

  private static let trainingSettings: [Setting<Self>] =
    loopSettings + clippingSettings + [patienceSetting(in: "validations")] + averagingSettings + seedSettings

  private static let loopSettings: [Setting<Self>] = [
    .integer("training.epochs", \.training.epochs, 1...1_000_000, option: "epochs", "most passes over the text"),
    .integer(
      "training.maximumSteps", \.training.maximumSteps, 1...1_000_000_000, option: "max-steps",
      "most steps, if the epochs last longer"),
    .integer(
      "training.validationInterval", \.training.validationInterval, 1...1_000_000_000, option: "validate-every",
      "steps between two validations; none for the end of every epoch"),
    .integer(
      "training.batchSize", \.training.batchSize, 1...65_536, option: "batch", "streams or windows side by side"),
    .integer(
      "training.steps", \.training.steps, 1...100_000, option: "steps",
      "tokens of a stream that a step reads and a gradient goes back through; a Transformer reads windows"
    ).read(by: "a model that reads streams") { $0.model.kind == .recurrent || $0.model.kind == .bigram },
    .integer(
      "training.accumulation", \.training.accumulation, 1...10_000, option: "accumulate",
      "batches whose gradients make one step"),
    .choice("training.windows", \.training.windows, option: "windows", "in which order a Transformer's windows come")
      .read(by: "a Transformer") { $0.model.kind == .transformer },
    .flag(
      "training.keepsDocumentsApart", \.training.keepsDocumentsApart, option: "within-documents",
      "no window and no state goes on over the end of a document of --corpus; a text of --data is one document"),
    .number(
      "training.labelSmoothing", \.training.labelSmoothing, 0..<1, option: "label-smoothing",
      "share of the target spread over all tokens"
    ).read(by: "a network of layers", where: hasLayers),
    .integer(
      "training.sampledTokens", \.training.sampledTokens, 1...(1 << 24), option: "sampled-softmax",
      "tokens drawn by frequency that a batch's targets are compared with; none for the whole vocabulary"
    ).read(by: "a network of layers", where: hasLayers),
  ]

  private static let sampleSettings: [Setting<Self>] = [
    .text(
      "samples.prompt", \.samples.prompt, option: "sample-prompt", "what the sample of every validation begins with"
    ).read(by: "a --sample-length above 0", where: writesSamples),
    .integer(
      "samples.length", \.samples.length, 0...100_000, option: "sample-length", "tokens of a sample; 0 for no samples"),
    .number(
      "samples.temperature", \.samples.temperature, 0...100, option: "sample-temperature", "temperature of the samples"
    ).read(by: "a --sample-length above 0", where: writesSamples),
  ]

  private static let writesSamples: @Sendable (Self) -> Bool = { $0.samples.length > 0 }
}
