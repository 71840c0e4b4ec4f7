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

  /// Refuses functions of attention that nothing would use, and an α that is none.
  public func checkStateAttention() throws(Failure) {
    guard (1...64).contains(attentionAlpha) else {
      throw Failure(
        .configuration, at: "model.attentionAlpha", "a number from 1 to 64 expected, found \(attentionAlpha)")
    }
    let defaults = ClassifierConfiguration()
    let given: String? =
      attentionScore != nil
      ? "model.attentionScore"
      : attentionDistribution != defaults.attentionDistribution
        ? "model.attentionDistribution" : attentionAlpha != defaults.attentionAlpha ? "model.attentionAlpha" : nil
    guard let given else { return }
    guard hasStateAttention else {
      let found = kind.cell == nil ? kind.rawValue : "\(kind.rawValue) with pooling \(pooling.rawValue)"
      throw Failure(
        .configuration, at: given, "a classifier that pools states by attention expected, found \(found)",
        advice: "Choose --pooling attention with a recurrent classifier, or --model hierarchical.")
    }
    guard attentionAlpha == defaults.attentionAlpha || attentionDistribution == .entmax else {
      throw Failure(
        .configuration, at: "model.attentionAlpha",
        "the distribution entmax expected, found \(attentionDistribution.rawValue)",
        advice: "Choose --attention-distribution entmax; the others have no alpha.")
    }
  }
}
