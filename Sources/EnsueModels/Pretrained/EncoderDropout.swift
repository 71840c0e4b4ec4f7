// What of an encoder is set to zero in training, where it is not to be what its configuration says.

/// Shares from 0 to below 1; nil for the configuration's own.
public struct EncoderDropout: Sendable, Codable, Equatable {
  /// Of sums of embeddings and of sub-layers' outputs.
  public var states: Double?
  /// Of attention weights.
  public var attention: Double?
  /// Of what a head reads.
  public var head: Double?

  public init(states: Double? = nil, attention: Double? = nil, head: Double? = nil) {
    (self.states, self.attention, self.head) = (states, attention, head)
  }
}

extension EncoderConfiguration {
  /// The same encoder with other dropout.
  public func taking(_ dropout: EncoderDropout) -> EncoderConfiguration {
    var copy = self
    copy.dropout = dropout.states ?? copy.dropout
    copy.attentionDropout = dropout.attention ?? copy.attentionDropout
    copy.classifierDropout = dropout.head ?? copy.classifierDropout
    return copy
  }
}
