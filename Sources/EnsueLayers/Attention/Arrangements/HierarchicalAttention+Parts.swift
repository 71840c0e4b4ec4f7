// A hierarchical attention network of encoders and attentions of one's own.

extension HierarchicalAttention {
  /// - Parameters:
  ///   - wordAttention: one query over states of `wordEncoder.outputSize`.
  ///   - sentenceEncoder: reads vectors of that width.
  public init(
    wordEncoder: RecurrentStack, wordAttention: AttentionPooling, sentenceEncoder: RecurrentStack,
    sentenceAttention: AttentionPooling
  ) {
    self.wordEncoder = wordEncoder
    self.wordAttention = wordAttention
    self.sentenceEncoder = sentenceEncoder
    self.sentenceAttention = sentenceAttention
  }
}
