// A Transformer's encoder as a sentence classifier (Vaswani et al. 2017).

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Word vectors + positions → dropout → encoder blocks → layer norm → the mean over the true words → linear layer to
/// classes.
///
/// The last layer norm is that of pre-norm blocks; post-norm blocks end in one already, and T-Fixup's have none.
public struct TransformerClassifier: TextClassifier {
  public var input: TransformerInput
  public var encoder: TransformerEncoder
  public var output: Linear

  /// - Throws: `Failure` of kind `configuration` where the heads do not divide the width.
  init(_ configuration: ClassifierConfiguration, embeddings weights: [Tensor], key: RandomKey) throws(Failure) {
    let parts = try configuration.transformer()
    input = TransformerInput(
      configuration, parts, positions: configuration.positions, embeddings: weights, key: key.derived("input"))
    encoder = try TransformerEncoder(parts, key: key.derived("encoder"))
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
