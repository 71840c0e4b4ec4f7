// A Transformer's encoder as a sentence classifier, with attention in linear time (Choromanski et al., Rethinking
// attention with Performers, 2021).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// As `TransformerClassifier`, with Performer's random features in place of the softmax over all pairs of words. There
/// are no weights of pairs to look at.
public struct PerformerClassifier: TextClassifier {
  public var input: TransformerInput
  public var encoder: PerformerEncoder
  public var output: Linear

  /// - Throws: `Failure` of kind `configuration` where the heads do not divide the width.
  init(_ configuration: ClassifierConfiguration, embeddings weights: [Tensor], key: RandomKey) throws(Failure) {
    let parts = try configuration.transformer()
    input = TransformerInput(
      configuration, parts, positions: configuration.positions, embeddings: weights, key: key.derived("input"))
    encoder = try PerformerEncoder(
      parts, featureCount: configuration.randomFeatureCount, key: key.derived("encoder"))
    output = Linear(inputSize: parts.width, outputSize: configuration.classCount, key: key.derived("output"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    input.visit(&visitor)
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    let states = encoder(input(tokens, phase.derived("input")), phase.derived("encoder"))
    return tokens.layout.inCallersOrder(output(states.mean()))
  }
}

extension AttentionKernelKind {
  /// A new classifier of the kind `transformer`.
  func makeTransformer(
    _ configuration: ClassifierConfiguration, embeddings: [Tensor], key: RandomKey
  ) throws(Failure) -> any TextClassifier {
    switch self {
    case .softmax: try TransformerClassifier(configuration, embeddings: embeddings, key: key)
    case .performer: try PerformerClassifier(configuration, embeddings: embeddings, key: key)
    }
  }
}
