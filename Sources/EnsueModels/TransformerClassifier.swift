// A Transformer's encoder as a sentence classifier (Vaswani et al. 2017), with softmax attention or with attention in
// linear time (Choromanski et al., Rethinking attention with Performers, 2021).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// With softmax attention.
public typealias TransformerClassifier = EncoderClassifier<MultiHeadAttention>
/// With Performer's random features in place of the softmax over all pairs of words: there are no weights of pairs to
/// look at.
public typealias PerformerClassifier = EncoderClassifier<MultiHeadPerformer>

/// Word vectors + positions → dropout → encoder blocks → layer norm → the mean over the true words → linear layer to
/// classes.
///
/// The last layer norm is that of pre-norm blocks; post-norm blocks end in one already, and T-Fixup's have none.
public struct EncoderClassifier<Attention: SelfAttention>: TextClassifier {
  public var input: TransformerInput
  public var encoder: EncoderStack<Attention>
  public var output: Linear
  let reach: AttentionReach

  /// - Throws: `Failure` of kind `configuration` where the heads do not divide the width.
  init(_ configuration: ClassifierConfiguration, embeddings weights: [Tensor], key: RandomKey) throws(Failure) {
    let parts = try configuration.transformer()
    input = TransformerInput(
      configuration, parts, positions: configuration.positions, embeddings: weights, key: key.derived("input"))
    encoder = try EncoderStack<Attention>(
      parts, featureCount: configuration.randomFeatureCount, key: key.derived("encoder"))
    output = Linear(inputSize: parts.width, outputSize: configuration.classCount, key: key.derived("output"))
    reach = configuration.reach
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    input.visit(&visitor)
    visitor.module("encoder", &encoder)
    visitor.module("output", &output)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    let states = encoder(input(tokens, phase.derived("input")), reach: reach, phase.derived("encoder"))
    return tokens.layout.inCallersOrder(output(states.mean()))
  }
}

extension AttentionKernelKind {
  /// A new classifier of attentive blocks.
  func makeClassifier(
    _ configuration: ClassifierConfiguration, embeddings: [Tensor], key: RandomKey
  ) throws(Failure) -> any TextClassifier {
    switch self {
    case .softmax: try configuration.makeClassifier(of: MultiHeadAttention.self, embeddings: embeddings, key: key)
    case .performer: try configuration.makeClassifier(of: MultiHeadPerformer.self, embeddings: embeddings, key: key)
    }
  }
}

extension ClassifierConfiguration {
  fileprivate func makeClassifier<Attention: SelfAttention>(
    of attention: Attention.Type, embeddings: [Tensor], key: RandomKey
  ) throws(Failure) -> any TextClassifier {
    guard kind == .transformer else {
      return try SelfAttentionClassifier<Attention>(self, embeddings: embeddings, key: key)
    }
    return try EncoderClassifier<Attention>(self, embeddings: embeddings, key: key)
  }
}
