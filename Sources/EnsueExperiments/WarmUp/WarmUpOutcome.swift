// What the warm-up experiment found.

import EnsueData
import EnsueEvaluation
import EnsueLayers

/// All trials, and figures over their seeds.
public struct WarmUpOutcome: ExperimentOutcome {
  public let experiment: WarmUpExperiment
  public let task: String
  public let baseline: SequenceBaseline
  public let trials: [WarmUpTrial]

  func trials(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> [WarmUpTrial] {
    trials.filter { $0.norm == norm && $0.warmUp == warmUp }
  }

  /// The share of right answers of whoever guesses.
  public var chance: Double { 1 / Double(experiment.symbolCount) }

  /// Below this a share of right answers is no better than chance: four standard errors above it.
  public var chanceLimit: Double {
    let count = Double(experiment.training.validationCount * experiment.length)
    return chance + 4 * (chance * (1 - chance) / count).squareRoot()
  }

  /// Runs in which a number was not finite.
  public func divergedCount(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> Int {
    trials(norm, warmUp).count { $0.divergedStep != nil }
  }

  /// Runs that were never better than chance, those that diverged before among them.
  public func failedCount(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> Int {
    trials(norm, warmUp).count { trial in trial.curve.allSatisfy { ($0.accuracy ?? 0) <= chanceLimit } }
  }

  /// The validation loss at the end; not a number where a run diverged.
  public func lastLoss(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> Spread? {
    Spread(trials(norm, warmUp).map { $0.curve.last?.validationLoss ?? .nan })
  }

  /// The share of right answers at the end; 0 where a run diverged.
  public func lastAccuracy(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> Spread? {
    Spread(trials(norm, warmUp).map { $0.curve.last?.accuracy ?? 0 })
  }

  /// The mean share of right answers over all validations, which tells early learners from late ones. A run that
  /// diverged gets nothing right from there on.
  public func meanAccuracy(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> Spread? {
    let training = experiment.training
    let count = (training.stepLimit + training.validationInterval - 1) / training.validationInterval
    return Spread(
      trials(norm, warmUp).map { trial in
        trial.curve.dropFirst().reduce(0) { $0 + ($1.accuracy ?? 0) } / Double(max(1, count))
      })
  }

  /// The first validations at which runs got a share of answers right, for those that ever did.
  public func steps(toAccuracy goal: Double, _ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> Spread? {
    Spread(
      trials(norm, warmUp).compactMap { trial in
        trial.curve.first { ($0.accuracy ?? 0) >= goal }.map { Double($0.step) }
      })
  }

  /// Runs that ever got nine of ten answers right.
  public func solvedCount(_ norm: NormPlacementKind, _ warmUp: WarmUpKind) -> Int {
    steps(toAccuracy: WarmUpOutcome.goal, norm, warmUp)?.count ?? 0
  }

  static let goal = 0.9

  /// How far the mean accuracy of one way to begin lies above another's on the same blocks, where that is more than two
  /// standard errors; 0 where it is not, nil where it cannot be told.
  func gain(of warmUp: WarmUpKind, over other: WarmUpKind, _ norm: NormPlacementKind) -> Double? {
    guard let a = meanAccuracy(norm, warmUp), let b = meanAccuracy(norm, other), let deviationA = a.standardDeviation,
      let deviationB = b.standardDeviation
    else { return nil }
    let error =
      (deviationA * deviationA / Double(a.count) + deviationB * deviationB / Double(b.count)).squareRoot()
    return abs(a.mean - b.mean) > 2 * error ? a.mean - b.mean : 0
  }
}
