// Warm-up (SPEC I7): a deep Transformer with its layer norms after the sub-layers, as Vaswani et al. (2017) had them,
// begins to learn only when its first steps are small; with the norms before (Xiong et al., On layer normalization in
// the Transformer architecture, 2020) or without any from scaled weights (Huang et al., T-Fixup, 2020) it needs no such
// care. Tried on reversing short sequences, which a shallow Transformer learns in a minute.

import EnsueData
import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTraining

/// Every place of the layer norms with every way to begin, with several seeds.
public struct WarmUpExperiment: Experiment {
  public var norms = NormPlacementKind.allCases
  public var warmUps = WarmUpKind.allCases
  public var seedCount = 3
  /// Blocks; the deeper, the harder the beginning.
  public var layerCount = 6
  public var width = 32
  public var headCount = 4
  public var feedForwardSize = 64
  /// T and K of the task.
  public var length = 10
  public var symbolCount = 8
  /// w, the steps of the warm-ups that take a number.
  public var warmUpSteps = 200
  public var training = SequenceTrainingSettings()

  public init(_ size: ExperimentSize = .standard) {
    training.optimizer.learningRate = 1e-2
    // As Vaswani et al. had them; with β₂ = 0.999 the untuned warm-ups would last longer than these runs.
    training.optimizer.beta2 = 0.98
    training.optimizer.epsilon = 1e-9
    training.clipping = nil
    training.validationInterval = 25
    training.validationCount = 128
    switch size {
    case .quick:
      (warmUps, seedCount) = ([.none, .linear, .radam], 1)
      training.stepLimit = 250
    case .standard: training.stepLimit = 400
    case .paper:
      (layerCount, width, headCount, feedForwardSize, seedCount) = (18, 128, 8, 512, 5)
      (length, symbolCount, warmUpSteps) = (20, 16, 1000)
      (training.stepLimit, training.validationInterval, training.validationCount) = (5000, 100, 256)
      training.optimizer.learningRate = 1e-3
    }
  }

  public func run(_ progress: ExperimentProgress) throws -> WarmUpOutcome {
    // The same data for all, so that curves differ by what is compared alone.
    let tasks = try (0..<seedCount).map {
      try Reversal(length: length, symbolCount: symbolCount, seed: UInt64($0 + 1))
    }
    let settings = norms.flatMap { norm in
      warmUps.flatMap { warmUp in (0..<seedCount).map { (norm: norm, warmUp: warmUp, seed: $0) } }
    }
    let trials = try parallelTrials(
      settings.count, progress,
      name: { "\(settings[$0].norm.blockTitle), \(settings[$0].warmUp.title), seed \(settings[$0].seed + 1)" }
    ) { index in
      let (norm, warmUp, seed) = settings[index]
      let trainer = SequenceTrainer(tasks[seed], training(warmUp))
      // The same first weights whatever the warm-up.
      let key = RandomKey(seed: UInt64(seed + 1))
      let model = try SequenceTransformer(transformer(norm), for: tasks[seed], longest: length, key: key)
      let result = try trainer.train(model, key: key)
      return WarmUpTrial(
        norm: norm, warmUp: warmUp, parameterCount: model.parameterCount, curve: result.curve,
        divergedStep: result.divergedStep)
    }
    return WarmUpOutcome(
      experiment: self, task: tasks[0].summary, baseline: tasks[0].baseline(on: .validation), trials: trials)
  }

  private func training(_ warmUp: WarmUpKind) -> SequenceTrainingSettings {
    var training = training
    let (schedule, factor) = warmUp.schedule(steps: warmUpSteps, width: width)
    training.optimizer.kind = warmUp.optimizer
    training.optimizer.learningRate *= factor
    training.schedule = schedule
    return training
  }

  private func transformer(_ norm: NormPlacementKind) -> TransformerConfiguration {
    var configuration = TransformerConfiguration()
    (configuration.width, configuration.headCount, configuration.layerCount) = (width, headCount, layerCount)
    (configuration.feedForwardSize, configuration.norm, configuration.dropout) = (feedForwardSize, norm, 0)
    configuration.hasFinalNorm = norm == .pre
    configuration.initializer = norm.initializer(usual: .glorot)
    return configuration
  }
}

/// One way to begin on one kind of block with one seed.
public struct WarmUpTrial: Sendable {
  public let norm: NormPlacementKind
  public let warmUp: WarmUpKind
  public let parameterCount: Int
  public let curve: [SequenceCurvePoint]
  /// The step at which a number was not finite; nil where none was.
  public let divergedStep: Int?
}

extension NormPlacementKind {
  /// The blocks with such norms, as tables call them.
  var blockTitle: String {
    switch self {
    case .post: "post-norm"
    case .pre: "pre-norm"
    case .none: "no norm (T-Fixup)"
    }
  }
}
