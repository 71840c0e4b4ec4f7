// The laboratory's self-attention classifiers: one head, or several with an output projection.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// Word vectors + learned positions → x + attention(norm(x)), x + feed-forward(norm(x)), 4 × as wide inside, once or
/// several times → the mean over the true words → linear layer to classes.
public struct SelfAttentionClassifier<Attention: SelfAttention>: TextClassifier {
  var input: TransformerInput
  var blocks: [EncoderBlock<Attention>]
  var output: Linear
  let reach: AttentionReach

  /// - Throws: `Failure` of kind `configuration` where the heads do not divide the width.
  init(_ configuration: ClassifierConfiguration, embeddings weights: [Tensor], key: RandomKey) throws(Failure) {
    let parts = try configuration.transformer()
    input = TransformerInput(
      configuration, parts, positions: .learned, embeddings: weights, key: key.derived("input"))
    // One head's result has the width of the block already: nothing is left for a projection to join.
    let hasOutput = parts.headCount > 1
    blocks = (0..<parts.layerCount).map {
      EncoderBlock<Attention>(
        parts, hasOutput: hasOutput, featureCount: configuration.randomFeatureCount,
        key: key.derived("blocks").derived($0))
    }
    output = Linear(inputSize: parts.width, outputSize: configuration.classCount, key: key.derived("output"))
    reach = configuration.reach
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    input.visit(&visitor)
    for index in blocks.indices { visitor.module("blocks.\(index)", &blocks[index]) }
    visitor.module("output", &output)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    var x = input(tokens, phase.derived("input"))
    for (index, block) in blocks.enumerated() { x = block(x, reach: reach, phase.derived("blocks").derived(index)) }
    return tokens.layout.inCallersOrder(output(x.mean()))
  }
}
