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

  func attention(memoryWidth: Int? = nil, hasOutput: Bool = true, key: RandomKey) -> MultiHeadAttention {
    MultiHeadAttention(
      width: configuration.width, memoryWidth: memoryWidth, headCount: configuration.headCount,
      hasBias: configuration.hasBias, hasOutput: hasOutput, dropout: configuration.attentionDropout,
      initialization: initialization, key: key)
  }

  func feedForward(key: RandomKey) -> FeedForward {
    FeedForward(
      width: configuration.width, innerSize: configuration.feedForwardSize, activation: configuration.activation,
      hasBias: configuration.hasBias, dropout: configuration.feedForwardDropout, initialization: initialization,
      key: key)
  }

  var residual: ResidualConnection {
    ResidualConnection(
      width: configuration.width, placement: configuration.norm, dropout: configuration.dropout,
      epsilon: configuration.epsilon)
  }

  var finalNorm: LayerNorm? {
    configuration.hasFinalNorm ? LayerNorm(featureCount: configuration.width, epsilon: configuration.epsilon) : nil
  }
}
