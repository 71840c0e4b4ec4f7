// Regularisers of recurrent networks side by side (SPEC I8): the same network on so little data that it learns it by
// heart, with and without each.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// Every regulariser on a few chorales, with several seeds.
public struct RegularizerExperiment: Experiment {
  public var kinds = RegularizerKind.allCases
  public var cell = RecurrentCellKind.lstm
  public var hiddenSize = 64
  public var seedCount = 3
  public var dropoutRate = 0.5
  /// Of what the recurrence's matrices are applied to, in variational dropout.
  public var recurrentDropoutRate = 0.25
  public var zoneoutRate = 0.3
  /// β of the norm-stabilizer.
  public var stabilizerWeight = 1.0
  /// β of gradient propagation.
  public var propagationWeight = 0.03
  public var training = SequenceTrainingSettings()
  public let chorales: ChoralesSource

  public init(_ size: ExperimentSize = .standard, chorales: ChoralesSource = .generated) {
    self.chorales = chorales
    training.optimizer.learningRate = 1e-2
    training.batchSize = 8
    training.trainingCount = 24
    training.validationInterval = 15
    training.validationCount = 48
    switch size {
    case .quick:
      (kinds, hiddenSize, seedCount) = ([.none, .dropout, .normStabilizer], 48, 1)
      (training.trainingCount, training.stepLimit, training.validationCount) = (8, 300, 16)
    case .standard: training.stepLimit = 900
    case .paper:
      (hiddenSize, seedCount, training.trainingCount, training.stepLimit) = (400, 10, nil, 20_000)
      (training.validationInterval, training.validationCount) = (100, 100)
    }
  }

  public func run(_ progress: ExperimentProgress) throws -> RegularizerOutcome {
    let trainer = SequenceTrainer(try chorales.task(), training)
    // The slowest first, so that no thread is left with one at the end.
    let settings = kinds.reversed().flatMap { kind in (0..<seedCount).map { (kind: kind, seed: $0 + 1) } }
    let trials = try parallelTrials(
      settings.count, progress, name: { "\(settings[$0].kind.title), seed \(settings[$0].seed)" }
    ) { index in
      let (kind, seed) = settings[index]
      let key = RandomKey(seed: UInt64(seed))
      let result = try trainer.train(model(kind, for: trainer.task, key), key: key)
      return RegularizerTrial(
        kind: kind, curve: result.curve, best: result.best, diverged: result.divergedStep != nil)
    }
    return RegularizerOutcome(
      experiment: self, task: trainer.task.summary, lossName: trainer.task.targetKind.lossName,
      baseline: trainer.task.baseline(on: .validation), trials: trials)
  }

  private func model(_ kind: RegularizerKind, for task: any SequenceTask, _ key: RandomKey) -> RegularizedModel {
    var stack = RecurrentStackConfiguration()
    var regularization = RecurrentRegularization()
    var cell = cell
    var weight = 0.0
    switch kind {
    case .none: break
    case .dropout: stack.dropout = dropoutRate
    case .variationalDropout:
      (stack.dropout, stack.dropsWholeSequences) = (dropoutRate, true)
      regularization.dropout = recurrentDropoutRate
    case .zoneout: regularization.zoneout = zoneoutRate
    case .normStabilizer: weight = stabilizerWeight
    case .layerNorm: cell = .lstmLayerNorm
    case .gradientPropagation: weight = propagationWeight
    }
    let model = SequenceModel(
      cell, for: task, hiddenSize: hiddenSize, stack: stack, regularization: regularization, key: key)
    return RegularizedModel(model: model, kind: kind, weight: weight)
  }
}

/// One regulariser with one seed.
public struct RegularizerTrial: Sendable {
  public let kind: RegularizerKind
  public let curve: [SequenceCurvePoint]
  /// At the lowest validation loss.
  public let best: SequenceCurvePoint
  public let diverged: Bool
}
