// What attends to what in a classifier.

import EnsueLayers

/// The places where classifiers have attention.
public enum AttentionLevelKind: String, Codable, CaseIterable, Sendable {
  /// Every token looks at every token.
  case selfAttention = "self-attention"
  /// The sentence is a mean of its states.
  case pooling
  /// The sentence is one of its states: the probability of each.
  case choice
  /// The sentence is a mean of its states with weights for each feature: their mean over the features.
  case features
  /// A sentence of a document is a mean of its words' states.
  case words
  /// A document is a mean of its sentences' states.
  case sentences
  /// Every token of a text looks at every token of another: affinities from -1 to 1.
  case coAttention = "co-attention"
}

extension AttentionLevelKind {
  /// The level of attention over the states of a sentence.
  init(_ reading: StateReadingKind) {
    switch reading {
    case .soft: self = .pooling
    case .hard: self = .choice
    case .multiDimensional: self = .features
    }
  }
}
