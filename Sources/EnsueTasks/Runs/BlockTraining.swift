// The settings of a Transformer's blocks, which are the same for language models and translators.

import EnsueLayers
import EnsueModels

/// A configuration of models with Transformer blocks.
protocol BlockTraining: Sendable {
  var block: TransformerConfiguration { get set }
  /// Features inside a feed-forward layer; nil for 4 times the width.
  var blockFeedForwardSize: Int? { get set }
}

extension BlockTraining {
  static var blockSizeSettings: [Setting<Self>] {
    [
      .integer("model.width", \.block.width, 1...65_536, option: "width", "features of a block"),
      .integer(
        "model.headCount", \.block.headCount, 1...1024, option: "heads",
        "heads of attention; they divide the width"),
      .integer(
        "model.keyHeadCount", \.block.keyHeadCount, 1...1024, option: "key-heads",
        "heads of keys and values, each for several of the heads, which they divide; none for as many"),
      .integer(
        "model.feedForwardSize", \.blockFeedForwardSize, 1...65_536, option: "feed-forward",
        "features inside a feed-forward layer; none for 4 times the width"),
      .choice(
        "model.feedForwardKind", \.block.feedForward, option: "feed-forward-kind",
        "what stands between the maps of a feed-forward layer; gated with --activation silu is SwiGLU"),
      .choice(
        "model.activation", \.block.activation, option: "activation",
        "between the maps of a feed-forward layer"),
    ]
  }

  static var blockNormSettings: [Setting<Self>] {
    [
      .choice(
        "model.norm", \.block.norm, option: "norm",
        "where a Transformer's norms stand; none begins with T-Fixup"),
      .choice(
        "model.normKind", \.block.normKind, option: "norm-kind",
        "by what a Transformer's norms divide a row"
      ).read(by: "a Transformer with norms") { $0.block.norm != .none },
      .flag(
        "model.hasBias", \.block.hasBias, option: "bias", "whether a block's maps have biases"),
    ]
  }

  static var blockDropoutSettings: [Setting<Self>] {
    [
      .number(
        "model.attentionDropout", \.block.attentionDropout, 0..<1, option: "attention-dropout",
        "share of attention weights set to zero"),
      .number(
        "model.feedForwardDropout", \.block.feedForwardDropout, 0..<1,
        option: "feed-forward-dropout", "share of a feed-forward layer's inner values set to zero"),
    ]
  }
}

extension LanguageConfiguration: BlockTraining {
  var block: TransformerConfiguration {
    get { model.transformer.transformer }
    set { model.transformer.transformer = newValue }
  }
  var blockFeedForwardSize: Int? {
    get { model.feedForwardSize }
    set { model.feedForwardSize = newValue }
  }
}

extension TranslationConfiguration: BlockTraining {
  var block: TransformerConfiguration {
    get { model.transformer.transformer }
    set { model.transformer.transformer = newValue }
  }
  var blockFeedForwardSize: Int? {
    get { model.feedForwardSize }
    set { model.feedForwardSize = newValue }
  }
}
