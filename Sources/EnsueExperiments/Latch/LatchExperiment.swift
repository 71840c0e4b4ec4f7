// Latching one bit (SPEC I1; Bengio, Simard and Frasconi, Learning long-term dependencies with gradient descent is
// difficult, IEEE Transactions on Neural Networks 5(2), 1994): how often gradient descent finds a solution, against T.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// Trials of every learner at every length; a trial succeeds when enough new sequences end on the right side.
public struct LatchExperiment: Experiment {
  public var learners = LatchLearner.allCases
  /// T, the steps of a sequence.
  public var lengths = [10, 20, 30, 40, 60, 80, 100, 150]
  /// Trials of each learner at each length, with data and first weights of their own.
  public var trialCount = 20
  /// Units of the networks.
  public var hiddenSize = 4
  /// The unit's weight at first (1.25 in the paper's figure 3).
  public var firstWeight = 1.25
  /// The standard deviation of the noise.
  public var noise = 0.2
  /// What the bias of the gate that keeps the state starts at: the LSTM's forget gate, the GRU's update gate.
  public var gateBias = 3.0
  /// The share of sequences to be right: a bit that random noise cannot but flip now and then is no failure to learn.
  public var goal = 0.98
  public var training = SequenceTrainingSettings()
  /// The single unit learns by plain gradient descent, as in the paper, with this rate.
  public var unitLearningRate = 0.1

  public init(_ size: ExperimentSize = .standard) {
    training.optimizer.learningRate = 1e-2
    training.batchSize = 20
    training.validationInterval = 10
    training.validationCount = 200
    // On the same side as the answer, ±0.8.
    training.tolerance = Double(LatchTask.answer)
    switch size {
    case .quick:
      (lengths, trialCount, training.stepLimit) = ([10, 60], 5, 300)
    case .standard:
      training.stepLimit = 1000
    case .paper:
      (lengths, trialCount, training.stepLimit) = ([10, 20, 30, 40, 60, 80, 100, 150, 200, 300], 100, 5000)
    }
  }

  public func run(_ progress: ExperimentProgress) throws -> LatchOutcome {
    let settings = learners.flatMap { learner in
      lengths.flatMap { length in (0..<trialCount).map { (learner: learner, length: length, trial: $0) } }
    }
    let trials = try parallelTrials(
      settings.count, progress, name: { "\(settings[$0].learner.title), \(settings[$0].length) steps" }
    ) { index in
      let (learner, length, trial) = settings[index]
      return LatchTrial(
        learner: learner, length: length, solvedStep: try solvedStep(learner, length, seed: trial + 1))
    }
    return LatchOutcome(experiment: self, trials: trials)
  }

  /// The step after which the task was solved; nil where it was not.
  private func solvedStep(_ learner: LatchLearner, _ length: Int, seed: Int) throws -> Int? {
    let task = try LatchTask(
      length: length, noise: noise, cue: learner == .unit ? .indicator : .sign, seed: UInt64(seed))
    var training = training
    training.goal = goal
    let key = RandomKey(seed: UInt64(seed)).derived(learner.rawValue).derived(length)
    guard let cell = learner.cell else {
      training.optimizer.kind = .sgd
      training.optimizer.learningRate = unitLearningRate
      let unit = try LatchUnit(cueLength: task.cueLength, weight: firstWeight, key: key)
      return try SequenceTrainer(task, training).train(unit, key: key).solvedStep
    }
    let model = SequenceModel(cell, for: task, hiddenSize: hiddenSize, forgetBias: gateBias, key: key)
      .startingUpdateBias(at: gateBias)
    return try SequenceTrainer(task, training).train(model, key: key).solvedStep
  }
}

extension SequenceModel {
  /// The same model with the biases of GRUs' update gates at a value: z keeps the state, as the LSTM's f does.
  fileprivate func startingUpdateBias(at value: Double) -> SequenceModel {
    var copy = self
    copy.encoder.forEachParameter { name, tensor, _ in
      if name.split(separator: ".").last == "b_z" { tensor = Tensor(repeating: value, shape: tensor.shape) }
    }
    return copy
  }
}

/// One trial of the latching experiment.
public struct LatchTrial: Sendable, Equatable {
  public let learner: LatchLearner
  public let length: Int
  /// nil for a failure.
  public let solvedStep: Int?
}
