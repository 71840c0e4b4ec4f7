// The parts of which encoder and decoder blocks are built.

import EnsueTensor

/// Makes a block's parts from the configuration of its stack.
struct TransformerBlockParts {
  private let configuration: TransformerConfiguration
  private let initialization: TransformerInitialization

  init(_ configuration: TransformerConfiguration, stack: TransformerStackKind) {
    self.configuration = configuration
    initialization = TransformerInitialization(
      configuration.initializer, stack: stack, layerCount: configuration.layerCount)
  }

  /// Attention of a stack's rows to each other.
  func attention(hasOutput: Bool = true, key: RandomKey) -> MultiHeadAttention {
    MultiHeadAttention(
      width: configuration.width, headCount: configuration.headCount, keyHeadCount: configuration.keyHeadCount,
      hasBias: configuration.hasBias, hasOutput: hasOutput, rotary: configuration.rotary,
      dropout: configuration.attentionDropout, initialization: initialization, key: key)
  }

  /// Attention to an encoder's rows, whose places are those of another text: nothing is turned.
  func crossAttention(memoryWidth: Int?, key: RandomKey) -> MultiHeadAttention {
    MultiHeadAttention(
      width: configuration.width, memoryWidth: memoryWidth, headCount: configuration.headCount,
      keyHeadCount: configuration.keyHeadCount, hasBias: configuration.hasBias,
      dropout: configuration.attentionDropout, initialization: initialization, key: key)
  }

  func feedForward(key: RandomKey) -> FeedForward {
    FeedForward(
      configuration.feedForward, width: configuration.width, innerSize: configuration.feedForwardSize,
      activation: configuration.activation, hasBias: configuration.hasBias, dropout: configuration.feedForwardDropout,
      initialization: initialization, key: key)
  }

  var residual: ResidualConnection {
    ResidualConnection(
      width: configuration.width, placement: configuration.norm, kind: configuration.normKind,
      dropout: configuration.dropout, epsilon: configuration.epsilon)
  }

  var finalNorm: Norm? {
    configuration.hasFinalNorm
      ? Norm(configuration.normKind, featureCount: configuration.width, epsilon: configuration.epsilon) : nil
  }
}
