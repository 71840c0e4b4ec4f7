// The configuration's leaves: names, options, ranges, help. What a leaf means in other tasks too, it is called as there.

import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueText
import EnsueTraining

extension TranslationConfiguration {
  /// All leaves in the order of the file and of the help.
  public static let settings = SettingsTable<Self>(
    dataSettings + tokenSettings + modelSettings
      + (recurrentSettings + cellOptionSettings + attentionSettings)
      .read(by: "a recurrent model") { $0.model.kind == .recurrent }
      + transformerSettings.read(by: "a Transformer") { $0.model.kind == .transformer }
      + optimizationSettings + trainingSettings + samplingSettings + validationSettings,
    defaults: TranslationConfiguration())

  private static let modelSettings: [Setting<Self>] = [
    .choice("model.kind", \.model.kind, option: "model", "what translates"),
    .integer("model.layers", \.model.layerCount, 1...64, option: "layers", "layers or blocks of the encoder"),
    .integer(
      "model.decoderLayers", \.model.decoderLayerCount, 1...64, option: "decoder-layers",
      "of the decoder; none for as many"),
    .number(
      "model.dropout", \.model.dropout, 0..<1, option: "dropout",
      "share set to zero after embeddings, between layers and before the output; in a Transformer after every part"),
    .number(
      "model.embeddingDropout", \.model.embeddingDropout, 0..<1, option: "embedding-dropout",
      "share set to zero after the embeddings; none for that of --dropout"),
    .flag(
      "model.sharesEmbeddings", \.model.sharesEmbeddings, option: "share-embeddings",
      "one table of vectors for both sides; none: where they have one vocabulary"),
    .flag(
      "model.tied", \.model.isTied, option: "tied",
      "output weights are the target's embedding; none: in a Transformer, not in a recurrent model"),
  ]

  private static let recurrentSettings: [Setting<Self>] = [
    .choice("model.cell", \.model.recurrent.cell, option: "cell", "the recurrent cell of both sides"),
    .cellFormula("model.cellFormula", \.model.recurrent.cellFormula, option: "cell-file"),
    .integer(
      "model.embeddingSize", \.model.recurrent.embeddingSize, 1...4096, option: "embedding-size",
      "features of a symbol's vector"),
    .integer("model.hiddenSize", \.model.recurrent.hiddenSize, 1...8192, option: "hidden", "units of the decoder"),
    .integer(
      "model.encoderHiddenSize", \.model.recurrent.encoderHiddenSize, 1...8192, option: "encoder-hidden",
      "units of the encoder in each direction; none for as many as the decoder has"),
    .flag(
      "model.bidirectional", \.model.recurrent.isBidirectional, option: "bidirectional",
      "whether the encoder reads in both directions"),
    .flag(
      "model.reversesSource", \.model.recurrent.reversesSource, option: "reverse-source",
      "whether the encoder reads the source from its end"),
    .choice(
      "model.connection", \.model.recurrent.connection, option: "connection", "how layers are connected"
    ).read(by: "a stack of several layers, or a residual layer as wide as its input,") { root in
      var model = root.model.recurrent
      model.encoderLayerCount = root.model.layerCount
      model.decoderLayerCount = root.model.decoderLayerCount ?? root.model.layerCount
      return model.connectionHasEffect
    },
    .choice("model.bridge", \.model.recurrent.bridge, option: "bridge", "how the decoder's states begin")
      .read(by: "a --context that is not jordan") { $0.model.recurrent.context != .jordan },
    .choice(
      "model.readout", \.model.recurrent.readout, option: "readout",
      "what the output reads; none for that of the context's paper"),
    .integer(
      "model.readoutSize", \.model.recurrent.readoutSize, 1...8192, option: "readout-size",
      "features that the output reads; none for --hidden, or the embedding's where it is tied"),
    .number(
      "model.outputDropout", \.model.recurrent.outputDropout, 0..<1, option: "output-dropout",
      "share set to zero before the output; none for that of --dropout"),
    .number(
      "model.wordDropout", \.model.recurrent.wordDropout, 0..<1, option: "word-dropout",
      "probability that a symbol is left out, everywhere in a sentence"),
    .flag(
      "model.dropsWholeSequences", \.model.recurrent.dropsWholeSequences, option: "variational-dropout",
      "one dropout mask a sentence, the same at every symbol"
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
    .choice("model.inputInitializer", \.model.recurrent.inputInitializer, "first values of input weights")
      .read(by: "a model without --init-range") { $0.model.recurrent.initializerRange == nil },
    .choice("model.recurrentInitializer", \.model.recurrent.recurrentInitializer, "first values of recurrent weights")
      .read(by: "a model without --init-range") { $0.model.recurrent.initializerRange == nil },
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
      "share of its update that the state takes over at a step; none for all"
    ).read(by: "a cell without --learn-leak") { !$0.chosenCellOptions.learnsLeak },
    .flag(
      "model.learnsInitialState", \.model.recurrent.learnsInitialState, option: "learn-initial-state",
      "train the encoder's state before the first symbol"),
  ]

  private static let attentionSettings: [Setting<Self>] =
    [
      .choice(
        "model.context", \.model.recurrent.context, option: "context", "what a recurrent decoder knows of the source")
    ] + attentiveSettings.read(by: "a --context with attention") { $0.model.recurrent.context.isAttentive }

  private static let attentiveSettings: [Setting<Self>] = [
    .choice(
      "model.score", \.model.recurrent.score, option: "score",
      "the alignment function; none for that of the context's paper"),
    .choice(
      "model.distribution", \.model.recurrent.distribution, option: "distribution",
      "what makes weights of alignments"),
    .integer(
      "model.attentionSize", \.model.recurrent.attentionSize, 1...8192, option: "attention-size",
      "units of alignment functions with a layer; none for --hidden"
    ).read(by: "a --score with a layer of hidden units, or predictive --local-attention") {
      let model = $0.model.recurrent
      return (model.score ?? model.context.score).hasHiddenUnits || model.localAttention == .predictive
    },
    .number("model.alpha", \.model.recurrent.alpha, EntmaxDistribution.alphas, option: "alpha", "α of entmax")
      .read(by: "--distribution entmax") { $0.model.recurrent.distribution == .entmax },
    .choice(
      "model.localAttention", \.model.recurrent.localAttention, option: "local-attention",
      "attention to a neighbourhood, with --context luong"),
    .integer(
      "model.localRadius", \.model.recurrent.localRadius, 1...10_000, option: "local-radius",
      "symbols of a neighbourhood on each side"
    ).read(by: "--local-attention") { $0.model.recurrent.localAttention != nil },
    .flag(
      "model.feedsInput", \.model.recurrent.feedsInput, option: "feed-input",
      "whether a step reads what the step before attended to, with --context luong"
    ).read(by: "--context luong") { $0.model.recurrent.context == .luong },
  ]

  private static let transformerSettings: [Setting<Self>] =
    blockSizeSettings
    + [
      .choice(
        "model.positions", \.model.transformer.positions, option: "positions",
        "how a Transformer is told the order of symbols"),
      .integer(
        "model.contextLength", \.model.transformer.contextLength, 1...(1 << 20), option: "places",
        "symbols of a side at most, with learned positions"
      ).read(by: "a Transformer with learned positions") { $0.model.transformer.positions == .learned },
    ] + blockNormSettings
    + [
      .flag(
        "model.scalesEmbeddings", \.model.transformer.scalesEmbeddings, option: "scale-embeddings",
        "whether vectors are multiplied by the root of the width")
    ] + blockDropoutSettings
    + [
      .choice(
        "model.initializer", \.model.initializer,
        "first values of a Transformer's weights; none for glorot with norms and t-fixup without")
    ]
}
