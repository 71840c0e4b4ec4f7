// What attends to what in a classifier.

/// The places where classifiers have attention.
public enum AttentionLevelKind: String, Codable, CaseIterable, Sendable {
  /// Every token looks at every token.
  case selfAttention = "self-attention"
  /// The sentence is a mean of its states.
  case pooling
  /// A sentence of a document is a mean of its words' states.
  case words
  /// A document is a mean of its sentences' states.
  case sentences
}
