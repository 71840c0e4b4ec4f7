// The configuration's leaves: names, options, ranges, help. Everything else about them follows.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueText
import EnsueTraining

extension ClassificationConfiguration {
  /// All leaves in the order of the file and of the help.
  public static let settings = SettingsTable<Self>(
    dataSettings + textSettings + embeddingSettings + modelSettings + pretrainedSettings + optimizationSettings
      + trainingSettings,
    defaults: ClassificationConfiguration())

  /// The leaves that say how data is read, for commands that only read.
  static let dataSettings: [Setting<Self>] = [
    .choice("data.dataset", \.data.dataset, option: "dataset", "what the data is"),
    .list("data.paths", \.data.paths, of: .paths, option: "data", "file or folder of labelled sentences"),
    .list(
      "data.validationPaths", \.data.validationPaths, of: .paths, option: "validation",
      "files to validate on instead of a split"),
    .list("data.testPaths", \.data.testPaths, of: .paths, option: "test", "files to test on at the end"),
    .choice("data.format", \.data.format, option: "format", "how the files are written"),
    .text("data.textColumn", \.data.textColumn, option: "text-column", "name or number of the column of sentences"),
    .text(
      "data.pairColumn", \.data.pairColumn, option: "pair-column",
      "name or number of the column of second texts, where texts come in pairs"),
    .text("data.labelColumn", \.data.labelColumn, option: "label-column", "name or number of the column of labels"),
    .choice(
      "data.labelKind", \.data.labelKind, option: "label-kind", "whether labels are names of classes or numbers"),
    .choice("data.header", \.data.header, option: "header", "whether the first row names the columns"),
    .choice("data.quoting", \.data.quoting, option: "quoting", "whether quotes hold fields together"),
    .choice("data.encoding", \.data.encoding, option: "encoding", "the files' encoding"),
    .choice("data.badBytes", \.data.badBytes, option: "bad-bytes", "what to do with bytes that are no UTF-8"),
    .flag(
      "data.skipsBadRows", \.data.skipsBadRows, option: "skip-bad-rows",
      "leave out rows that cannot be read, and count them"),
    .number(
      "data.validationFraction", \.data.validationFraction, 0..<1, option: "validation-fraction",
      "share of the training data to validate on"
    ).read(by: "training data without validation data of its own", where: splits),
    .integer(
      "data.validationSeed", \.data.validationSeed, 0...Int.max, option: "validation-seed",
      "seed of that split, apart from the training seed"
    ).read(by: "a split or a --sample") {
      ClassificationConfiguration.splits($0) || $0.data.sampleSize != nil
    },
    .integer(
      "data.sampleSize", \.data.sampleSize, 2...1_000_000_000, option: "sample",
      "sentences of each part, chosen by the seed of the split; none for all"),
  ]

  /// Whether the data to validate on is a share of the training data.
  private static let splits: @Sendable (Self) -> Bool = {
    $0.data.validationPaths.isEmpty && $0.data.dataset != .reviews
  }

  static let textSettings: [Setting<Self>] = [
    .choice("text.tokenizer", \.text.tokenizer, option: "tokenizer", "how sentences become tokens"),
    .flag("text.lowercases", \.text.lowercases, option: "lowercase", "fold tokens to lower case"),
    .integer(
      "text.minimumCount", \.text.minimumCount, 1...1_000_000, option: "minimum-count", "rarer tokens are unknown"),
    .integer(
      "text.vocabularyLimit", \.text.vocabularyLimit, 3...Vocabulary.maximumCount, option: "vocabulary-limit",
      "most rows of the vocabulary"),
    .integer(
      "text.maximumLength", \.text.maximumLength, 1...1_000_000, option: "maximum-length",
      "tokens of a sentence that are kept"),
  ]

  private static let embeddingSettings: [Setting<Self>] = [
    .paths(
      "embedding.path", \.embedding.paths, option: "embeddings",
      "word vectors to begin with; those of several files are weighed word by word"),
    .choice("embedding.format", \.embedding.format, option: "embedding-format", "how the word vectors are written"),
    .integer(
      "embedding.size", \.model.embeddingSize, 1...4096, option: "embedding-size",
      "features of a word vector, where no file, or more than one, gives them"
    ).read(by: "a classifier with word vectors of no file or of several") {
      $0.model.kind.hasEmbedding && $0.embedding.paths.count != 1
    },
    .flag(
      "embedding.isTrained", \.model.trainsEmbedding, option: "train-embeddings",
      "train the word vectors; the unknown word's always is"
    ).read(by: "a classifier with word vectors") { $0.model.kind.hasEmbedding },
  ]

  private static let modelSettings: [Setting<Self>] =
    commonSettings
    + (cellSettings + cellOptionSettings).read(by: "a recurrent classifier") { $0.model.kind.cell != nil }
    + blockSettings.read(by: "a classifier of attentive blocks") { $0.model.kind.hasAttentiveBlocks } + countSettings

  private static let commonSettings: [Setting<Self>] = [
    .choice("model.kind", \.model.kind, option: "model", "the classifier"),
    .integer("model.hiddenSize", \.model.hiddenSize, 1...8192, option: "hidden", "units of a layer and direction")
      .read(by: "a recurrent or pooling classifier") {
        $0.model.kind.hasEmbedding && !$0.model.kind.hasAttentiveBlocks
      },
    .integer("model.layers", \.model.layerCount, 1...64, option: "layers", "recurrent layers, or attentive blocks")
      .read(by: "a classifier of layers or blocks") { $0.model.kind.hasLayers },
    .choice(
      "model.attentionReading", \.model.attentionReading, option: "attention-reading",
      "how attention reads states: their mean, one that is drawn, or weights for each feature"
    ).read(where: { $0.model.poolsByAttention }, orRefused: lacksPooling),
    .choice(
      "model.attentionScore", \.model.attentionScore, option: "attention-score",
      "how well a state fits the query of attention over states; none for v·tanh(W h + b)"
    ).read(where: { $0.model.hasStateAttention && $0.model.attentionReading.hasScore }, orRefused: lacksScore),
    .choice(
      "model.attentionDistribution", \.model.attentionDistribution, option: "attention-distribution",
      "from scores to weights in attention over states"
    ).read(
      where: { $0.model.hasStateAttention && $0.model.attentionReading.takes($0.model.attentionDistribution) },
      orRefused: lacksDistribution),
    .number(
      "model.attentionAlpha", \.model.attentionAlpha, EntmaxDistribution.alphas, option: "attention-alpha",
      "alpha of the distribution entmax: 1 is softmax, 2 sparsemax"
    ).read(where: { $0.model.hasStateAttention && $0.model.attentionDistribution == .entmax }) { root, value in
      guard root.model.hasStateAttention else { return ClassificationConfiguration.lacksStateAttention(root, value) }
      return (
        "the distribution entmax expected, found \(root.model.attentionDistribution.rawValue)",
        "Choose --attention-distribution entmax; the others have no alpha."
      )
    },
    .number(
      "model.dropout", \.model.dropout, 0..<1, option: "dropout",
      "share set to zero after the embedding, between layers and before the output"
    ).read(by: "a classifier with word vectors") { $0.model.kind.hasEmbedding },
    .number(
      "model.wordDropout", \.model.wordDropout, 0..<1, option: "word-dropout",
      "share of the words of the vocabulary left out of a batch"
    ).read(by: "a recurrent or attentive classifier") { $0.model.kind.hasLayers },
  ]

  /// The refusal of functions of attention over states where there is none.
  @Sendable private static func lacksStateAttention(_ root: Self, _: String) -> (problem: String, advice: String) {
    let model = root.model
    let found =
      !model.kind.poolsStates ? model.kind.rawValue : "\(model.kind.rawValue) with pooling \(model.pooling.rawValue)"
    return (
      "a classifier that pools states by attention expected, found \(found)",
      "Choose --pooling attention with a recurrent classifier, or --model hierarchical."
    )
  }

  /// The refusal of a reading where no states of sentences are pooled by attention.
  @Sendable private static func lacksPooling(_ root: Self, _ value: String) -> (problem: String, advice: String) {
    guard root.model.hasStateAttention else { return lacksStateAttention(root, value) }
    return (
      "a recurrent classifier of sentences expected, found \(root.model.kind.rawValue)",
      "Documents are read by means alone; choose --pooling attention with a recurrent classifier."
    )
  }

  /// The refusal of a score where there is none to choose.
  @Sendable private static func lacksScore(_ root: Self, _ value: String) -> (problem: String, advice: String) {
    guard root.model.hasStateAttention else { return lacksStateAttention(root, value) }
    return (
      "a reading with one score a state expected, found \(root.model.attentionReading.rawValue)",
      "Choose --attention-reading soft or hard; a score for each feature is always additive."
    )
  }

  /// The refusal of a distribution that the reading does not take.
  @Sendable private static func lacksDistribution(_ root: Self, _ value: String) -> (problem: String, advice: String) {
    guard root.model.hasStateAttention else { return lacksStateAttention(root, value) }
    return (
      "probabilities to draw from expected by the reading \(root.model.attentionReading.rawValue), found \(value)",
      "Choose --attention-distribution softmax, sparsemax or entmax."
    )
  }

  private static let cellSettings: [Setting<Self>] = [
    .choice("model.cell", \.model.cell, option: "cell", "another cell for a recurrent classifier"),
    .cellFormula("model.cellFormula", \.model.cellFormula, option: "cell-file"),
    .choice("model.pooling", \.model.pooling, option: "pooling", "from the states of a sentence to one vector")
      .read(by: "a recurrent classifier of sentences") { $0.model.kind.poolsStates },
    .choice("model.inputInitializer", \.model.inputInitializer, "first values of input weights"),
    .choice("model.recurrentInitializer", \.model.recurrentInitializer, "first values of recurrent weights"),
    .number(
      "model.forgetBias", \.model.forgetBias, -10...10, option: "forget-bias", "first value of the LSTM's forget bias"
    ).read(by: "a cell with a forget gate of its own") {
      $0.model.cellFormula.utf8.isEmpty && ($0.model.cell ?? $0.model.kind.cell)?.hasForgetBias == true
    },
    .flag(
      "model.normalizesLayers", \.model.normalizesLayers, option: "layer-norm",
      "normalise the cell's sums before activation"
    ).read(by: "a cell with sums that it does not normalise itself") {
      CellFormula.canNormaliseLayers(text: $0.model.cellFormula, or: $0.model.cell ?? $0.model.kind.cell ?? .lstm)
    },
    .number(
      "model.leak", \.model.leak, .above(0, through: 1), option: "leak",
      "share of its update that the state takes over at a step"
    ).read(by: "a cell without --learn-leak") { !$0.chosenCellOptions.learnsLeak },
    .number(
      "model.recurrentDropout", \.model.recurrentDropout, 0..<1, option: "recurrent-dropout",
      "variational dropout of the recurrence"),
    .number(
      "model.zoneout", \.model.zoneout, 0..<1, option: "zoneout", "probability that a unit keeps its value at a step"),
    .flag(
      "model.dropsWholeSequences", \.model.dropsWholeSequences, option: "variational-dropout",
      "one dropout mask a sentence, the same at every word"
    ).read(by: "a model with --dropout") { $0.model.dropout > 0 },
    .choice("model.connection", \.model.connection, option: "connection", "how layers are connected")
      .read(by: "a stack of several layers, or a residual layer as wide as its input,", where: connects),
    .flag(
      "model.learnsInitialState", \.model.learnsInitialState, option: "learn-initial-state",
      "train the state before the first word"),
    .number(
      "model.normStabilizer", \.model.normStabilizer, 0...1000, option: "norm-stabilizer",
      "weight of the change of the states' norm from step to step"
    ).read(by: "a recurrent classifier of sentences") { $0.model.kind.poolsStates },
    .number(
      "model.gradientPropagation", \.model.gradientPropagation, 0...1000, option: "gradient-propagation",
      "weight of the change of the gradients' norm from step to step; a step takes several times as long"
    ).read(by: "a recurrent classifier of sentences") { $0.model.kind.poolsStates },
  ]

  private static let connects: @Sendable (Self) -> Bool = { root in
    let model = root.model
    // What the encoders of documents and pairs read, and how wide vectors from files are, is not known here.
    let isWidthKnown = model.kind.poolsStates && root.embedding.paths.isEmpty
    let outputSize = model.hiddenSize * (model.kind.isBidirectional ? 2 : 1)
    return model.connection.hasEffect(
      layerCount: model.layerCount, inputSize: isWidthKnown ? model.embeddingSize : outputSize, outputSize: outputSize)
      || !model.kind.poolsStates
  }

  private static let blockSettings: [Setting<Self>] = [
    .integer(
      "model.width", \.model.width, 1...4096, option: "width",
      "features of attentive blocks; none for those of a word vector"),
    .integer(
      "model.headCount", \.model.headCount, 1...1024, option: "heads", "heads of attention; they divide the width"
    ).read(by: "a classifier of several heads") { $0.model.kind != .selfAttention },
    .integer(
      "model.feedForwardSize", \.model.feedForwardSize, 1...65_536, option: "feed-forward",
      "features inside a feed-forward layer; none for 4 times the width"),
    .choice("model.activation", \.model.activation, option: "activation", "between the maps of a feed-forward layer"),
    .choice("model.positions", \.model.positions, option: "positions", "how a transformer is told the order of words")
      .read(by: "the classifier transformer") { $0.model.kind == .transformer },
    .integer(
      "model.maximumPositions", \.model.maximumPositions, 1...65_536, option: "maximum-positions",
      "tokens of the longest sentence with learned positions or the score location"
    ).read(by: "a classifier with learned positions or the score location") { $0.model.longestSentence != nil },
    .choice(
      "model.norm", \.model.norm, option: "norm", "where a transformer's layer norms stand; none begins with T-Fixup"
    ).read(by: "the classifier transformer") { $0.model.kind == .transformer },
    .choice(
      "model.attentionKernel", \.model.attentionKernel, option: "attention-kernel",
      "what blocks weigh words by; performer takes time linear in the length"),
    .integer(
      "model.randomFeatures", \.model.randomFeatureCount, 1...65_536, option: "random-features",
      "random features of the kernel performer: more are nearer to softmax"
    ).read(by: "blocks with the kernel performer") { $0.model.lacksWeightsOfBlocks },
    .integer(
      "model.attentionWindow", \.model.attentionWindow, 1...65_536, option: "attention-window",
      "tokens on each side that a token attends to; none for all"
    ).read(where: { !$0.model.lacksWeightsOfBlocks }, orRefused: lacksPairs),
    .integer(
      "model.attentionBlock", \.model.attentionBlock, 1...65_536, option: "attention-block",
      "tokens of a block, within which alone tokens attend to each other; none for all"
    ).read(where: { !$0.model.lacksWeightsOfBlocks }, orRefused: lacksPairs),
    .number(
      "model.attentionDropout", \.model.attentionDropout, 0..<1, option: "attention-dropout",
      "share of attention weights set to zero"
    ).read(by: "attention that makes weights") { !$0.model.lacksWeightsOfBlocks },
    .number(
      "model.feedForwardDropout", \.model.feedForwardDropout, 0..<1, option: "feed-forward-dropout",
      "share of a feed-forward layer's inner values set to zero"),
  ]

  /// The refusal of windows and blocks by a kernel that knows no pairs of tokens.
  @Sendable private static func lacksPairs(_ root: Self, _: String) -> (problem: String, advice: String) {
    (
      "a kernel of pairs expected, found \(root.model.attentionKernel.rawValue)",
      "Choose --attention-kernel softmax; sums over random features leave no pair out."
    )
  }

  private static let countSettings: [Setting<Self>] = [
    .integer("model.positionLimit", \.model.positionLimit, 1...10_000, "positions of the position one-hot classifier")
      .read(by: "the classifier position-one-hot") { $0.model.kind == .positionOneHot },
    .integer(
      "model.nGramOrder", \.model.nGramOrder, 1...8, option: "n-gram-order",
      "longest run of words of the n-gram classifier"
    ).read(by: "the classifier n-gram") { $0.model.kind == .nGram },
    .integer("model.nGramBuckets", \.model.nGramBuckets, 2...(1 << 26), "weights per class of the n-gram classifier")
      .read(by: "the classifier n-gram") { $0.model.kind == .nGram },
  ]

  private static let trainingSettings: [Setting<Self>] =
    loopSettings + clippingSettings + choiceSettings + seedSettings

  private static let loopSettings: [Setting<Self>] = [
    .integer(
      "training.epochs", \.training.epochs, 1...1_000_000, option: "epochs", "most passes over the training data"),
    .integer("training.batchSize", \.training.batchSize, 1...65_536, option: "batch", "sentences of a batch"),
    .integer(
      "training.accumulation", \.training.accumulation, 1...10_000, option: "accumulate",
      "batches whose gradients make one step"),
    .number(
      "training.labelSmoothing", \.training.labelSmoothing, 0..<1, option: "label-smoothing",
      "share of the target spread over all classes"),
  ]

  private static let choiceSettings: [Setting<Self>] = [
    .choice(
      "training.metric", \.training.metric, option: "metric", "validation number that decides which weights are best"),
    patienceSetting(in: "epochs"),
  ]
}

extension ClassificationConfiguration {
  /// The leaves of commands that evaluate.
  package static let dataTable = SettingsTable<Self>(dataSettings, defaults: ClassificationConfiguration())
  /// The leaves of commands that look at data.
  package static let readingTable = SettingsTable<Self>(
    dataSettings + textSettings, defaults: ClassificationConfiguration())
}
