// Every alignment function with every distribution (after the survey of Brauwers and Frasincar, A general survey on
// attention mechanisms in deep learning, 2021) on reversing a sequence, where it is known which input step each output
// step has to look at.

import EnsueData
import EnsueLayers
import EnsueTensor
import EnsueTraining

/// One attention of every pair of score and distribution, with several seeds.
public struct AttentionZooExperiment: Experiment {
  public var scores = AttentionScoreKind.allCases
  public var distributions = AttentionDistributionKind.allCases
  public var seedCount = 3
  /// T and K of the task.
  public var length = 8
  public var symbolCount = 8
  /// Features of queries, keys and values.
  public var width = 16
  /// Sequences on which weights are looked at.
  public var alignedCount = 64
  public var training = SequenceTrainingSettings()

  public init(_ size: ExperimentSize = .standard) {
    training.optimizer.learningRate = 1e-2
    training.validationInterval = 50
    training.validationCount = 128
    switch size {
    case .quick: (seedCount, training.stepLimit) = (1, 200)
    case .standard: training.stepLimit = 1500
    case .paper:
      (length, symbolCount, width, seedCount) = (20, 16, 64, 5)
      (training.stepLimit, training.optimizer.learningRate) = (5000, 2e-3)
    }
  }

  public func run(_ progress: ExperimentProgress) throws -> AttentionZooOutcome {
    let tasks = try (0..<seedCount).map {
      try Reversal(length: length, symbolCount: symbolCount, seed: UInt64($0 + 1))
    }
    let settings = scores.flatMap { score in
      distributions.flatMap { distribution in
        (0..<seedCount).map { (score: score, distribution: distribution, seed: $0) }
      }
    }
    let trials = try parallelTrials(
      settings.count, progress, name: { "\(settings[$0].score.title), \(settings[$0].distribution.title)" }
    ) { index in
      let (score, distribution, seed) = settings[index]
      let task = tasks[seed]
      let key = RandomKey(seed: UInt64(seed + 1))
      let model = AlignmentModel(configuration(score, distribution), for: task, longest: length, key: key)
      let result = try SequenceTrainer(task, training).train(model, key: key)
      let unseen = task.batch(Array(0..<alignedCount), of: .test)
      return AttentionZooTrial(
        score: score, distribution: distribution, curve: result.curve, diverged: result.divergedStep != nil,
        alignment: Alignment(result.model.attended(unseen), source: task.source))
    }
    return AttentionZooOutcome(
      experiment: self, task: tasks[0].summary, baseline: tasks[0].baseline(on: .validation), trials: trials)
  }

  private func configuration(
    _ score: AttentionScoreKind, _ distribution: AttentionDistributionKind
  ) -> AttentionConfiguration {
    AttentionConfiguration(
      score: score, distribution: distribution, querySize: width, featureCount: 4 * width, positionCount: length)
  }
}

/// One pair of score and distribution with one seed.
public struct AttentionZooTrial: Sendable {
  public let score: AttentionScoreKind
  public let distribution: AttentionDistributionKind
  public let curve: [SequenceCurvePoint]
  public let diverged: Bool
  /// Of the trained model, on new sequences.
  public let alignment: Alignment

  /// The share of right answers at the end; 0 where the run diverged.
  public var accuracy: Double { curve.last?.accuracy ?? 0 }
}
