// Recurrent encoders in one or both directions, with any pooling of their states.

import EnsueLayers
import EnsueTensor

/// Word vectors → recurrent layers → pooling of the states → linear layer to classes.
public struct RecurrentClassifier: TextClassifier {
  package var embedding: WordEmbedding
  public package(set) var encoder: RecurrentStack
  package var pooling: Pooling
  package var output: Linear
  let dropout: SequenceDropout
  let wordDropout: WordDropout
  let normStabilizer: Double
  let gradientPropagation: Double

  init(
    _ configuration: ClassifierConfiguration, formula: CellFormula, isBidirectional: Bool,
    embeddings weights: [Tensor], key: RandomKey
  ) {
    embedding = configuration.makeEmbedding(weights, key: key)
    encoder = RecurrentStack(
      formula, cell: configuration.cellConfiguration(inputSize: embedding.featureCount),
      configuration.stackConfiguration(isBidirectional: isBidirectional), key: key.derived("encoder"))
    pooling = Pooling(
      configuration.pooling, featureCount: encoder.outputSize, attention: configuration.stateAttention,
      key: key.derived("pooling"))
    output = Linear(
      inputSize: pooling.outputSize(featureCount: encoder.outputSize), outputSize: configuration.classCount,
      key: key.derived("output"))
    dropout = SequenceDropout(rate: configuration.dropout, dropsWholeSequences: configuration.dropsWholeSequences)
    wordDropout = WordDropout(rate: configuration.wordDropout)
    normStabilizer = configuration.normStabilizer
    gradientPropagation = configuration.gradientPropagation
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("encoder", &encoder)
    visitor.module("pooling", &pooling)
    visitor.module("output", &output)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    output(EncoderInput(tokens: tokens), phase).logits
  }

  public func output(_ input: EncoderInput, _ phase: Phase) -> ClassifierOutput {
    let tokens = input.tokens
    let words = wordDropout(embedding(tokens), of: tokens, phase.derived("words"))
    let isProbed = gradientPropagation > 0 && phase.isTraining
    let states = encoder(
      dropout(words, phase.derived("embedding")), phase.derived("encoder"), isProbed: isProbed)
    let pooled = pooling.pooled(states, phase.derived("pooling"))
    let vectors = dropout.values(pooled.vectors, phase.derived("pooled"))
    let (stack, weight) = (encoder, gradientPropagation)
    var penaltyOfLoss: (@Sendable (Tensor) -> Tensor)?
    if isProbed { penaltyOfLoss = { states.gradientPropagation(of: $0, stack) * weight } }
    return ClassifierOutput(
      logits: tokens.layout.inCallersOrder(output(vectors)),
      penalty: normStabilizer == 0 ? nil : states.normStabilizer() * normStabilizer,
      penaltyOfLoss: penaltyOfLoss, draw: pooled.draw)
  }
}
