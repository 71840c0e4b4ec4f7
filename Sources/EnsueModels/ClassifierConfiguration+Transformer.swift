// The attentive classifiers' share of a classifier's configuration.

import EnsueFiles
import EnsueLayers

extension ClassifierConfiguration {
  /// The blocks of an attentive classifier.
  ///
  /// `self-attention` has one head, and its blocks, like those of `multi-head-attention`, are pre-norm without a last
  /// norm; `transformer` takes everything from the settings. Blocks without norms begin with T-Fixup's weights.
  /// - Throws: `Failure` of kind `configuration` where the heads do not divide the width.
  public func transformer() throws(Failure) -> TransformerConfiguration {
    var blocks = TransformerConfiguration()
    blocks.width = width ?? embeddingSize
    blocks.layerCount = layerCount
    blocks.feedForwardSize = feedForwardSize ?? 4 * blocks.width
    (blocks.dropout, blocks.attentionDropout) = (dropout, attentionDropout)
    blocks.feedForwardDropout = feedForwardDropout
    blocks.activation = activation
    blocks.headCount = kind == .selfAttention ? 1 : headCount
    switch kind {
    case .transformer:
      (blocks.norm, blocks.hasFinalNorm) = (norm, norm == .pre)
      blocks.rotary = positions == .rotary ? RotaryPositions() : nil
    case .selfAttention, .multiHeadAttention, .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .lstm, .gru,
      .birnn, .bilstm, .bigru, .hierarchical, .coAttention:
      (blocks.norm, blocks.hasFinalNorm) = (.pre, false)
    }
    blocks.initializer = blocks.norm.initializer(usual: .glorot)
    guard blocks.headCount > 0, blocks.width % blocks.headCount == 0 else {
      throw Failure(
        .configuration, at: "model.headCount",
        "a number of heads that divides the width \(blocks.width) expected, found \(blocks.headCount)",
        advice: "Choose --heads, or another --width.")
    }
    try blocks.check(section: "model.")
    return blocks
  }

  /// The tokens of the longest sentence, or document, that the classifier can read; nil for any. Learned positions end,
  /// and so does the score `location`, which would give later words no weight.
  public var longestSentence: Int? {
    switch kind {
    case .selfAttention, .multiHeadAttention: maximumPositions
    case .transformer:
      switch positions {
      case .none, .sinusoidal, .rotary: nil
      case .learned: maximumPositions
      }
    case .rnn, .lstm, .gru, .birnn, .bilstm, .bigru, .hierarchical:
      hasStateAttention && attentionScore == .location ? maximumPositions : nil
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .coAttention: nil
    }
  }

  /// The sizes of Vaswani et al. (2017): L = 6, d = 512, h = 8, d_ff = 2048, dropout 0.1, sinusoidal positions,
  /// post-norm.
  public static var vaswani2017: ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.kind = .transformer
    (configuration.embeddingSize, configuration.headCount, configuration.layerCount) = (512, 8, 6)
    (configuration.feedForwardSize, configuration.dropout) = (2048, 0.1)
    (configuration.positions, configuration.norm) = (.sinusoidal, .post)
    return configuration
  }

  /// A small one for word vectors of 50, as in the laboratory but for dropout, 0.2 there: 3 pre-norm blocks with a last
  /// norm, 5 heads, learned positions.
  public static var laboratoryTransformer: ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.kind = .transformer
    (configuration.embeddingSize, configuration.headCount, configuration.layerCount) = (50, 5, 3)
    configuration.dropout = 0.1
    return configuration
  }
}
