// Levels (SPEC F6): a character model reads maps of game levels that keep rules, and writes its own. How many of them
// keep the rules, and which rules are learned first? Levels as text: Summerville and Mateas, "Super Mario as a string:
// platformer level generation via LSTMs", DiGRA/FDG 2016.

import EnsueData
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText
import EnsueTraining

/// Recurrent character models of several cells on generated levels, with samples in the course of training.
public struct LevelsExperiment: Experiment {
  public var cells: [RecurrentCellKind] = [.rnn, .gru, .lstm]
  public var hiddenSize = 128
  public var embeddingSize = 16
  public var layerCount = 1
  public var seedCount = 3
  /// Levels of a step; no level is read twice.
  public var batchSize = 8
  public var stepLimit = 3000
  /// Steps between two looks at what a model writes.
  public var sampleInterval = 250
  /// Levels written at each look.
  public var sampleCount = 128
  public var optimizer = OptimizerConfiguration()

  public init(_ size: ExperimentSize = .standard) {
    optimizer.learningRate = 3e-3
    switch size {
    case .quick:
      (cells, hiddenSize, seedCount) = ([.rnn, .lstm], 96, 1)
      (stepLimit, sampleInterval, sampleCount) = (2400, 240, 64)
    case .standard: break
    case .paper:
      (hiddenSize, layerCount, seedCount) = (256, 2, 5)
      (stepLimit, sampleInterval, sampleCount) = (20_000, 1000, 512)
    }
  }

  public func run(_ progress: ExperimentProgress) throws -> LevelsOutcome {
    let settings = cells.flatMap { cell in (0..<seedCount).map { (cell: cell, seed: $0 + 1) } }
    let trials = try parallelTrials(
      settings.count, progress, name: { "\(settings[$0].cell.title), seed \(settings[$0].seed)" }
    ) { try trial(settings[$0].cell, seed: settings[$0].seed) }
    return LevelsOutcome(experiment: self, trials: trials)
  }

  private func trial(_ cell: RecurrentCellKind, seed: Int) throws -> LevelsTrial {
    let key = RandomKey(seed: UInt64(seed))
    var configuration = RecurrentLanguageModelConfiguration()
    (configuration.cell, configuration.vocabularySize) = (cell, LevelSymbols.alphabet.idCount)
    (configuration.embeddingSize, configuration.hiddenSize) = (embeddingSize, hiddenSize)
    configuration.layerCount = layerCount
    let model = try RecurrentLanguageModel(configuration, key: key.derived("model"))
    var trainer = Trainer(
      model: model, optimizer: Optimizer(optimizer),
      schedule: try schedule.schedule(totalSteps: stepLimit, beta2: optimizer.beta2),
      clipping: GradientClipping(norm: 1), key: key.derived("steps"))
    let task = TextTask(.levels, seed: UInt64(seed))
    let samplesKey = key.derived("samples")
    var looks = [look(at: model, step: 0, loss: .nan, samplesKey)]
    var losses: [Double] = []
    for step in 1...max(1, stepLimit) {
      let levels = (step - 1) * batchSize..<step * batchSize
      losses.append(try trainer.step(on: SymbolBatch(levels.map { LevelSymbols.sequence(task.sample($0)) })))
      guard step % sampleInterval == 0 || step == stepLimit else { continue }
      let loss = losses.reduce(0, +) / Double(losses.count)
      looks.append(look(at: trainer.model, step: step, loss: loss, samplesKey))
      losses = []
    }
    let last = LevelWriter(model: trainer.model).levels(sampleCount, key: samplesKey.derived(stepLimit))
    return LevelsTrial(cell: cell, parameterCount: model.parameterCount, looks: looks, samples: last)
  }

  /// The rate falls to a tenth, so that the last samples are not those of a model in motion.
  private var schedule: ScheduleConfiguration {
    var schedule = ScheduleConfiguration()
    (schedule.kind, schedule.minimumShare) = (.cosine, 0.1)
    return schedule
  }

  private func look(at model: RecurrentLanguageModel, step: Int, loss: Double, _ key: RandomKey) -> LevelsLook {
    LevelsLook(step: step, trainingLoss: loss, LevelWriter(model: model).levels(sampleCount, key: key.derived(step)))
  }
}
