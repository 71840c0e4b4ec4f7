// What the experiment with fixed vectors and attention found.

import EnsueEvaluation
import EnsueModels

/// All trials.
public struct ContextVectorOutcome: ExperimentOutcome {
  public let experiment: ContextVectorExperiment
  /// Symbols of sources that were put together.
  public let groups: [ClosedRange<Int>]
  /// Test pairs of each group.
  public let pairCounts: [Int]
  public let trials: [ContextVectorTrial]

  /// What models are compared by: BLEU of sentences, symbol accuracy of generated symbols.
  func value(_ score: ContextVectorScore) -> Double { experiment.isText ? score.bleu : score.symbolAccuracy }
  var valueName: String { experiment.isText ? "BLEU" : "symbol accuracy" }

  func spread(_ context: ContextKind, _ value: (ContextVectorTrial) -> Double) -> Spread? {
    Spread(trials.filter { $0.context == context }.map(value))
  }

  /// The score of one group of lengths over seeds; nil where the context was not tried.
  public func score(_ context: ContextKind, group: Int) -> Spread? {
    spread(context) { value($0.scores[group]) }
  }

  /// BLEU of one group of lengths.
  public func bleu(_ context: ContextKind, group: Int) -> Spread? { spread(context) { $0.scores[group].bleu } }

  /// The score of all pairs.
  public func score(_ context: ContextKind) -> Spread? { spread(context) { value($0.score) } }

  /// What the score of the longest sources is above that of the shortest, seed by seed.
  public func change(_ context: ContextKind) -> Spread? {
    spread(context) { trial in
      guard let first = trial.scores.first, let last = trial.scores.last else { return .nan }
      return value(last) - value(first)
    }
  }
}
