// Attention over recurrent states: a classifier's share of its configuration.

import EnsueFiles
import EnsueLayers
import EnsueTensor

extension ClassifierConfiguration {
  /// The functions of attention over states. Setting them leaves `maximumPositions`, which attentive blocks have too.
  public var stateAttention: StateAttentionConfiguration {
    get {
      StateAttentionConfiguration(
        score: attentionScore, distribution: attentionDistribution, alpha: attentionAlpha, reading: attentionReading,
        positionCount: maximumPositions)
    }
    set {
      (attentionScore, attentionDistribution, attentionAlpha) = (newValue.score, newValue.distribution, newValue.alpha)
      attentionReading = newValue.reading
    }
  }

  /// Whether states are pooled by attention, with functions that can be chosen.
  public var hasStateAttention: Bool { kind.readsSentences || poolsByAttention }

  /// Whether the states of a sentence are pooled by attention, whose reading can be chosen.
  public var poolsByAttention: Bool { kind.poolsStates && pooling == .attention }

  /// Whether training draws which state is read (`DrawingClassifier`).
  public var drawsStates: Bool { poolsByAttention && attentionReading == .hard }

  /// Whether the classifier is of attentive blocks whose kernel makes no weights.
  public var lacksWeightsOfBlocks: Bool { kind.hasAttentiveBlocks && !attentionKernel.hasWeights }

  /// What a token of attentive blocks attends to.
  var reach: AttentionReach { AttentionReach(window: attentionWindow, block: attentionBlock) }

  /// Refuses windows and blocks that are none, or that the kernel does not have.
  package func checkReach() throws(Failure) {
    for (name, size) in [("attentionWindow", attentionWindow), ("attentionBlock", attentionBlock)] {
      guard let size else { continue }
      guard size > 0 else {
        throw Failure(.configuration, at: "model.\(name)", "a number of 1 or more expected, found \(size)")
      }
      guard !lacksWeightsOfBlocks else {
        throw Failure(
          .configuration, at: "model.\(name)", "a kernel of pairs expected, found \(attentionKernel.rawValue)",
          advice: "Choose softmax; sums over random features leave no pair out.")
      }
    }
  }

  /// Whether the classifier has attention to look at (`AttendingClassifier`).
  public var hasAttention: Bool {
    hasStateAttention || kind.readsPairs || kind.hasAttentiveBlocks && !lacksWeightsOfBlocks
  }

  /// Refuses functions that the reading of states does not have.
  package func checkReading() throws(Failure) {
    guard poolsByAttention else { return }
    guard attentionReading.hasScore || attentionScore == nil else {
      throw Failure(
        .configuration, at: "model.attentionScore",
        "no score expected of the reading \(attentionReading.rawValue), found \(attentionScore?.rawValue ?? "")")
    }
    guard attentionReading.takes(attentionDistribution) else {
      throw Failure(
        .configuration, at: "model.attentionDistribution",
        "probabilities to draw from expected, found \(attentionDistribution.rawValue)",
        advice: "Choose the distribution softmax, sparsemax or entmax.")
    }
  }

  /// Refuses an α that is none.
  package func checkAlpha() throws(Failure) {
    try EntmaxDistribution.check(alpha: attentionAlpha, at: "model.attentionAlpha")
  }
}
