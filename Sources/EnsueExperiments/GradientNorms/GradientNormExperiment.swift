// Gradients on their way through time (SPEC I2; Bengio et al. 1994; Pascanu, Mikolov and Bengio, On the difficulty of
// training recurrent neural networks, ICML 2013): their norm against the distance, and what clipping does.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// Profiles of several networks before and after training on the adding problem; then training of an RNN with large
/// recurrent weights by plain gradient descent, with and without clipping.
public struct GradientNormExperiment: Experiment {
  public var subjects = GradientNormSubject.allCases
  /// The steps of the adding problem whose gradients are measured.
  public var length = 100
  public var hiddenSize = 32
  public var seedCount = 3
  /// Sequences that a profile is the mean of.
  public var sequenceCount = 64
  /// What the recurrent weights of the RNN with large weights are multiplied by.
  public var largeScale = 1.5
  public var training = SequenceTrainingSettings()
  /// The steps of the adding problem on which clipping is tried.
  public var clippedLength = 30
  public var clippedSeedCount = 5
  /// Its largest gradient norm is the one of clipping.
  public var clippedTraining = SequenceTrainingSettings()

  public init(_ size: ExperimentSize = .standard) {
    training.optimizer.learningRate = 3e-3
    training.validationInterval = 50
    clippedTraining.optimizer.kind = .sgd
    clippedTraining.optimizer.learningRate = 0.1
    clippedTraining.validationInterval = 25
    switch size {
    case .quick:
      (length, seedCount, sequenceCount) = (30, 1, 16)
      (training.stepLimit, clippedTraining.stepLimit, clippedSeedCount) = (50, 1000, 3)
    case .standard: (training.stepLimit, clippedTraining.stepLimit) = (1500, 2000)
    case .paper:
      (length, hiddenSize, seedCount, sequenceCount) = (200, 100, 10, 256)
      (training.stepLimit, clippedTraining.stepLimit, clippedSeedCount) = (20_000, 20_000, 10)
    }
  }

  public func run(_ progress: ExperimentProgress) throws -> GradientNormOutcome {
    let profiled = subjects.flatMap { subject in (0..<seedCount).map { (subject: subject, seed: $0 + 1) } }
    let clipped = [true, false].flatMap { clips in (0..<clippedSeedCount).map { (clips: clips, seed: $0 + 1) } }
    func name(_ index: Int) -> String {
      index < profiled.count
        ? profiled[index].subject.title : clipped[index - profiled.count].clips ? "with clipping" : "without clipping"
    }
    let trials = try parallelTrials(profiled.count + clipped.count, progress, name: name) { index in
      if index < profiled.count { return try Trial.profile(profile(profiled[index].subject, profiled[index].seed)) }
      let (clips, seed) = clipped[index - profiled.count]
      return try .clipping(clippingTrial(clips, seed))
    }
    return GradientNormOutcome(
      experiment: self, profiles: trials.compactMap { if case .profile(let trial) = $0 { trial } else { nil } },
      clipping: trials.compactMap { if case .clipping(let trial) = $0 { trial } else { nil } })
  }

  private enum Trial: Sendable {
    case profile(GradientNormTrial)
    case clipping(ClippingTrial)
  }

  private func model(_ subject: GradientNormSubject, _ task: any SequenceTask, _ key: RandomKey) -> SequenceModel {
    let model = SequenceModel(subject.cell, for: task, hiddenSize: hiddenSize, key: key)
    return subject == .rnnLarge ? model.scalingRecurrentWeights(by: largeScale) : model
  }

  private func profile(_ subject: GradientNormSubject, _ seed: Int) throws -> GradientNormTrial {
    let task = try AddingProblem(length: length, seed: UInt64(seed))
    let key = RandomKey(seed: UInt64(seed))
    let model = model(subject, task, key)
    let result = try SequenceTrainer(task, training).train(model, key: key)
    return GradientNormTrial(
      subject: subject, before: GradientProfile(of: model, on: task, sequenceCount: sequenceCount),
      after: result.divergedStep == nil
        ? GradientProfile(of: result.model, on: task, sequenceCount: sequenceCount) : nil,
      loss: result.best.validationLoss)
  }

  private func clippingTrial(_ clips: Bool, _ seed: Int) throws -> ClippingTrial {
    let task = try AddingProblem(length: clippedLength, seed: UInt64(seed))
    let key = RandomKey(seed: UInt64(seed))
    var settings = clippedTraining
    if !clips { settings.clipping = nil }
    let result = try SequenceTrainer(task, settings).train(model(.rnnLarge, task, key), key: key)
    return ClippingTrial(
      clips: clips, curve: result.curve, largestGradientNorm: result.largestGradientNorm,
      divergedStep: result.divergedStep)
  }
}

/// The gradients of one network from one seed.
public struct GradientNormTrial: Sendable {
  public let subject: GradientNormSubject
  public let before: GradientProfile
  /// nil where training diverged.
  public let after: GradientProfile?
  /// The lowest validation loss.
  public let loss: Double
}

/// One training run with or without clipping.
public struct ClippingTrial: Sendable {
  public let clips: Bool
  public let curve: [SequenceCurvePoint]
  public let largestGradientNorm: Double
  public let divergedStep: Int?
}
