// A Transformer's encoder whose attention takes linear time (Choromanski et al. 2021).

import EnsueFiles
import EnsueTensor

/// The blocks of `TransformerEncoder` with `MultiHeadPerformer` for attention, under the same names.
public struct PerformerEncoder: Module {
  public var blocks: [PerformerEncoderBlock]
  public var finalNorm: Norm?

  /// - Parameter featureCount: the random features of each block.
  /// - Throws: `Failure` of kind `configuration` where the sizes make no Transformer.
  public init(_ configuration: TransformerConfiguration, featureCount: Int, key: RandomKey) throws(Failure) {
    try configuration.check()
    blocks = (0..<configuration.layerCount).map {
      PerformerEncoderBlock(configuration, featureCount: featureCount, key: key.derived($0))
    }
    finalNorm = TransformerBlockParts(configuration, stack: .encoder).finalNorm
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in blocks.indices { visitor.module("blocks.\(index)", &blocks[index]) }
    if var part = finalNorm {
      visitor.module("finalNorm", &part)
      finalNorm = part
    }
  }

  /// [rows, width] → [rows, width]
  public func callAsFunction(_ input: PackedSequence, _ phase: Phase = .inference) -> PackedSequence {
    var x = input
    for (index, block) in blocks.enumerated() { x = block(x, phase.derived(index)) }
    return finalNorm.map { x.replacingValues($0(x.values)) } ?? x
  }
}

/// Performer's self-attention, then feed-forward, each within a residual connection.
public struct PerformerEncoderBlock: Module {
  public var attention: MultiHeadPerformer
  public var attentionResidual: ResidualConnection
  public var feedForward: FeedForward
  public var feedForwardResidual: ResidualConnection

  /// - Parameter configuration: checked (`TransformerConfiguration.check`).
  public init(_ configuration: TransformerConfiguration, featureCount: Int, key: RandomKey) {
    let parts = TransformerBlockParts(configuration, stack: .encoder)
    attention = MultiHeadPerformer(
      parts.attention(key: key.derived("attention")), featureCount: featureCount, key: key.derived("performer"))
    feedForward = parts.feedForward(key: key.derived("feedForward"))
    (attentionResidual, feedForwardResidual) = (parts.residual, parts.residual)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("attention", &attention)
    visitor.module("attentionNorm", &attentionResidual)
    visitor.module("feedForward", &feedForward)
    visitor.module("feedForwardNorm", &feedForwardResidual)
  }

  /// [rows, width] → [rows, width]
  public func callAsFunction(_ x: PackedSequence, _ phase: Phase = .inference) -> PackedSequence {
    let y = attentionResidual(x, phase.derived("attention")) { attention($0) }
    return feedForwardResidual(y, phase.derived("feedForward")) {
      $0.replacingValues(feedForward($0.values, phase.derived("inner")))
    }
  }
}
