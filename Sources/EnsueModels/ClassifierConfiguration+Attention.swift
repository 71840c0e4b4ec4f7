// Attention over recurrent states: a classifier's share of its configuration.

import EnsueFiles
import EnsueLayers

extension ClassifierConfiguration {
  /// The functions of attention over states.
  public var stateAttention: StateAttentionConfiguration {
    get {
      StateAttentionConfiguration(
        score: attentionScore, distribution: attentionDistribution, alpha: attentionAlpha)
    }
    set {
      (attentionScore, attentionDistribution, attentionAlpha) = (newValue.score, newValue.distribution, newValue.alpha)
    }
  }

  /// Whether states are pooled by attention, with functions that can be chosen.
  public var hasStateAttention: Bool {
    switch kind {
    case .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .selfAttention, .multiHeadAttention, .transformer: false
    case .rnn, .lstm, .gru, .birnn, .bilstm, .bigru: pooling == .attention
    case .hierarchical: true
    }
  }

  /// Whether the classifier has attention to look at (`AttendingClassifier`).
  public var hasAttention: Bool { kind.hasAttentiveBlocks || hasStateAttention }

  /// Refuses an α that is none.
  package func checkAlpha() throws(Failure) {
    guard (1...64).contains(attentionAlpha) else {
      throw Failure(
        .configuration, at: "model.attentionAlpha", "a number from 1 to 64 expected, found \(attentionAlpha)")
    }
  }
}
