// RNN against Transformer (SPEC I9, F5): what a language model's loss owes to its size and to the length of what it has
// read. Kaplan, McCandlish, Henighan, Brown, Chess, Child, Gray, Radford, Wu and Amodei, "Scaling laws for neural
// language models", 2020, section 3.2: LSTMs predict the first symbols of a context as well as Transformers, the later
// ones worse.

import EnsueData
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining

/// LSTM and Transformer language models of several widths, trained on the same windows of a text.
public struct ContextExperiment: Experiment {
  public var families = ContextFamily.allCases
  public var widths = [16, 32, 64, 128]
  public var layerCount = 2
  public var headCount = 4
  /// Symbols of a window; every window is read without a past.
  public var contextLength = 256
  /// Windows of a step.
  public var batchSize = 16
  public var stepLimit = 600
  public var seedCount = 3
  /// Held-out windows on which losses are taken.
  public var validationCount = 128
  public var text = ContextText.generated
  /// Peak learning rates of Adam; the rate rises for a twentieth of the steps and falls to a tenth as half a cosine.
  public var learningRates: [ContextFamily: Double] = [.lstm: 4e-3, .transformer: 2e-3]

  public init(_ size: ExperimentSize = .standard, text: ContextText = .generated) {
    self.text = text
    switch size {
    case .quick:
      (widths, contextLength, stepLimit) = ([8, 16, 32, 64], 128, 300)
      (seedCount, validationCount) = (1, 64)
    case .standard: break
    case .paper:
      (widths, contextLength, batchSize) = ([32, 64, 128, 256, 512], 512, 32)
      (layerCount, stepLimit, validationCount) = (3, 10_000, 256)
    }
  }

  /// Symbols that a model is trained on.
  var tokenCount: Int { stepLimit * batchSize * contextLength }

  public func run(_ progress: ExperimentProgress) throws -> ContextOutcome {
    let symbols = try text.symbols(count: min(tokenCount, 4_000_000), atLeast: validationCount + contextLength)
    // The largest first, so that no thread is left with one alone at the end.
    let settings = widths.sorted(by: >).flatMap { width in
      families.flatMap { family in (0..<seedCount).map { (family: family, width: width, seed: $0 + 1) } }
    }
    let trials = try parallelTrials(
      settings.count, progress,
      name: { "\(settings[$0].family.title) of width \(settings[$0].width), seed \(settings[$0].seed)" }
    ) { index in
      let (family, width, seed) = settings[index]
      return try trial(size(family, width, symbols), seed: seed, symbols)
    }
    return ContextOutcome(experiment: self, note: symbols.note, trials: trials)
  }

  private func size(_ family: ContextFamily, _ width: Int, _ symbols: ContextText.Symbols) -> ContextModelSize {
    ContextModelSize(
      family: family, width: width, layerCount: layerCount, headCount: headCount, contextLength: contextLength,
      vocabularySize: symbols.vocabularySize)
  }

  private func trial(_ size: ContextModelSize, seed: Int, _ symbols: ContextText.Symbols) throws -> ContextTrial {
    let key = RandomKey(seed: UInt64(seed))
    switch size.family {
    case .lstm: return try trial(RecurrentLanguageModel(size.recurrent, key: key.derived("model")), size, key, symbols)
    case .transformer:
      return try trial(TransformerLanguageModel(size.transformer, key: key.derived("model")), size, key, symbols)
    }
  }

  private func trial(
    _ model: some NextSymbolModel, _ size: ContextModelSize, _ key: RandomKey, _ symbols: ContextText.Symbols
  ) throws -> ContextTrial {
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = learningRates[size.family] ?? optimizer.learningRate
    var trainer = Trainer(
      model: model, optimizer: Optimizer(optimizer),
      schedule: try schedule.schedule(totalSteps: stepLimit, beta2: optimizer.beta2),
      clipping: GradientClipping(norm: 1), key: key.derived("steps"))
    let windows = ContextWindows(symbols.training, length: contextLength)
    var losses: [Double] = []
    for step in 0..<stepLimit {
      // The same windows whatever the model.
      losses.append(try trainer.step(on: windows.drawn(batchSize, key: key.derived("windows").derived(step))))
    }
    let last = losses.suffix(max(1, stepLimit / 20))
    let held = ContextWindows(symbols.validation, length: contextLength)
    return ContextTrial(
      family: size.family, width: size.width, innerParameterCount: model.innerParameterCount,
      parameterCount: model.parameterCount, trainingLoss: last.reduce(0, +) / Double(max(1, last.count)),
      positionLosses: try held.lossesByPosition(of: trainer.model, windowCount: validationCount))
  }

  private var schedule: ScheduleConfiguration {
    var schedule = ScheduleConfiguration()
    (schedule.kind, schedule.minimumShare) = (.cosine, 0.1)
    if stepLimit >= 20 { schedule.warmUpSteps = stepLimit / 20 }
    return schedule
  }
}

/// One model from one seed.
public struct ContextTrial: Sendable, Equatable {
  public let family: ContextFamily
  public let width: Int
  /// Without embeddings, positions and output layer.
  public let innerParameterCount: Int
  public let parameterCount: Int
  /// The mean over the last twentieth of the steps, in nats.
  public let trainingLoss: Double
  /// The mean loss of the first predicted symbol of held-out windows, of the second, …, in nats.
  public let positionLosses: [Double]

  /// The mean over all positions.
  public var loss: Double { positionLosses.reduce(0, +) / Double(max(1, positionLosses.count)) }

  /// The mean over some positions, counted from 0.
  func loss(at positions: Range<Int>) -> Double {
    let values = positionLosses[positions.clamped(to: 0..<positionLosses.count)]
    return values.reduce(0, +) / Double(max(1, values.count))
  }
}
