// What one model wrote in the course of its training.

import EnsueData
import EnsueLayers

/// The levels that a model wrote after some steps.
public struct LevelsLook: Sendable, Equatable {
  public let step: Int
  /// The mean loss of the steps since the last look, in nats a character; NaN before the first step.
  public let trainingLoss: Double
  /// The share of levels that keep every rule.
  public let validShare: Double
  /// The share that keeps a rule: of all levels for the shape, for the others of those that have the shape; nil where
  /// none has.
  public let ruleShares: [LevelRule: Double]

  init(step: Int, trainingLoss: Double, _ levels: [String]) {
    (self.step, self.trainingLoss) = (step, trainingLoss)
    let broken = levels.map { Set(LevelRules.violations(in: $0).map(\.rule)) }
    validShare = Double(broken.count(where: \.isEmpty)) / Double(max(1, levels.count))
    let shaped = broken.filter { !$0.contains(.shape) }
    var shares: [LevelRule: Double] = [:]
    for rule in LevelRule.allCases {
      let judged = rule == .shape ? broken : shaped
      if !judged.isEmpty { shares[rule] = Double(judged.count { !$0.contains(rule) }) / Double(judged.count) }
    }
    ruleShares = shares
  }
}

/// One cell with one seed.
public struct LevelsTrial: Sendable, Equatable {
  public let cell: RecurrentCellKind
  public let parameterCount: Int
  /// Before the first step, and after every interval.
  public let looks: [LevelsLook]
  /// The levels written at the end.
  public let samples: [String]
}
