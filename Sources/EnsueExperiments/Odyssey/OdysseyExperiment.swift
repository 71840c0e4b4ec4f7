// The search space odyssey (SPEC I4; Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A search space
// odyssey, IEEE Transactions on Neural Networks and Learning Systems 28(10), 2017): which parts of the LSTM matter.
// The paper's tasks need recordings; two of ours are generated, the third is its music task.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// The peephole LSTM and its eight variants, each on three tasks with several seeds.
public struct OdysseyExperiment: Experiment {
  public var cells: [RecurrentCellKind] = [.lstmPeephole] + RecurrentCellKind.odysseyVariants
  public var tasks = OdysseyTask.allCases
  public var seedCount = 3
  public var hiddenSize = 32
  public var addingLength = 40
  public var copyDelay = 15
  /// Symbols to remember, and how many different ones there are.
  public var copiedCount = 4
  public var copySymbols = 4
  public var addingTraining = SequenceTrainingSettings()
  public var copyTraining = SequenceTrainingSettings()
  public var choralesTraining = SequenceTrainingSettings()
  public let chorales: ChoralesSource

  public init(_ size: ExperimentSize = .standard, chorales: ChoralesSource = .generated) {
    self.chorales = chorales
    addingTraining.optimizer.learningRate = 5e-3
    copyTraining.optimizer.learningRate = 2e-2
    choralesTraining.optimizer.learningRate = 2e-2
    choralesTraining.batchSize = 16
    switch size {
    case .quick:
      (cells, seedCount, hiddenSize) = ([.lstmPeephole, .lstmNoInputGate, .lstmCoupledGates], 2, 12)
      (addingLength, copyDelay, copiedCount) = (16, 6, 3)
      addingTraining.stepLimit = 500
      copyTraining.stepLimit = 300
      choralesTraining.stepLimit = 60
      choralesTraining.trainingCount = 40
      choralesTraining.validationCount = 16
    case .standard:
      addingTraining.stepLimit = 1000
      copyTraining.stepLimit = 1500
      choralesTraining.stepLimit = 600
    case .paper:
      (seedCount, hiddenSize, addingLength, copyDelay, copiedCount, copySymbols) = (10, 128, 100, 100, 10, 8)
      addingTraining.stepLimit = 20_000
      copyTraining.stepLimit = 20_000
      choralesTraining.stepLimit = 10_000
    }
  }

  private func training(_ task: OdysseyTask) -> SequenceTrainingSettings {
    switch task {
    case .adding: addingTraining
    case .copyMemory: copyTraining
    case .chorales: choralesTraining
    }
  }

  private func generated(_ task: OdysseyTask, seed: UInt64) throws -> any SequenceTask {
    switch task {
    case .adding: try AddingProblem(length: addingLength, seed: seed)
    case .copyMemory:
      try CopyMemory(delay: copyDelay, rememberedCount: copiedCount, symbolCount: copySymbols, seed: seed)
    case .chorales: try chorales.task()
    }
  }

  public func run(_ progress: ExperimentProgress) throws -> OdysseyOutcome {
    // Every cell meets the same data; chorales are read once.
    let trainers = try tasks.map { task in
      try (0..<(task == .chorales ? 1 : seedCount)).map { seed in
        SequenceTrainer(try generated(task, seed: UInt64(seed + 1)), training(task))
      }
    }
    // The longest trials first, so that no thread is left with one at the end.
    let settings = tasks.indices.reversed().flatMap { task in
      cells.flatMap { cell in (0..<seedCount).map { (task: task, cell: cell, seed: $0) } }
    }
    let trials = try parallelTrials(
      settings.count, progress, name: { "\(settings[$0].cell.title), \(tasks[settings[$0].task].title)" }
    ) { index in
      let (task, cell, seed) = settings[index]
      let trainer = trainers[task][seed % trainers[task].count]
      let key = RandomKey(seed: UInt64(seed + 1)).derived(tasks[task].rawValue)
      let model = SequenceModel(cell, for: trainer.task, hiddenSize: hiddenSize, key: key)
      let result = try trainer.train(model, key: key)
      return OdysseyTrial(
        task: tasks[task], cell: cell, parameterCount: model.parameterCount, curve: result.curve, best: result.best,
        diverged: result.divergedStep != nil)
    }
    let facts = zip(tasks, trainers).map { task, trainers in
      OdysseyTaskFacts(
        task: task, summary: trainers[0].task.summary, lossName: trainers[0].task.targetKind.lossName,
        baseline: trainers[0].task.baseline(on: .validation))
    }
    return OdysseyOutcome(experiment: self, facts: facts, trials: trials)
  }
}

/// One cell on one task with one seed.
public struct OdysseyTrial: Sendable {
  public let task: OdysseyTask
  public let cell: RecurrentCellKind
  public let parameterCount: Int
  public let curve: [SequenceCurvePoint]
  /// At the lowest validation loss.
  public let best: SequenceCurvePoint
  public let diverged: Bool
}

/// What must be known of a task to read its figures.
public struct OdysseyTaskFacts: Sendable {
  public let task: OdysseyTask
  public let summary: String
  public let lossName: String
  public let baseline: SequenceBaseline
}
