// Teacher forcing against scheduled sampling (SPEC I8): Bengio, Vinyals, Jaitly and Shazeer, "Scheduled sampling for
// sequence prediction with recurrent neural networks", 2015.

import EnsueBundle
import EnsueData
import EnsueDecoding
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The same model under teacher forcing and under the three decays, each with several seeds.
public struct SamplingExperiment: Experiment {
  public var decays = SamplingDecayKind.allCases
  public var seedCount = 5
  public var stepLimit = 3000
  /// The share of the steps after which every decay has come to one half.
  public var halfTime = 0.5
  public var settings = TranslationConfiguration()

  public init(_ size: ExperimentSize = .standard) {
    settings.optimizer.learningRate = 3e-3
    (settings.schedule.kind, settings.schedule.minimumShare) = (.cosine, 0.05)
    settings.training.batchSize = 32
    settings.model.dropout = 0
    settings.data = ParallelRequest(kind: .addition, digits: 3)
    switch size {
    case .quick:
      (seedCount, stepLimit) = (1, 200)
      settings.data.digits = 2
      settings.data.counts = PairCounts(training: 3000, validation: 10, test: 200)
      setWidth(32)
    case .standard:
      settings.data.counts = PairCounts(training: 40_000, validation: 10, test: 1000)
      setWidth(64)
    case .paper:
      (seedCount, stepLimit, settings.data.digits) = (10, 30_000, 5)
      settings.data.counts = PairCounts(training: 400_000, validation: 10, test: 3000)
      setWidth(256)
    }
  }

  private mutating func setWidth(_ width: Int) {
    (settings.model.recurrent.hiddenSize, settings.model.recurrent.embeddingSize) = (width, width)
  }

  public func run(_ progress: ExperimentProgress) throws -> SamplingOutcome {
    let data = try TranslationData(settings)
    let ways: [SamplingDecayKind?] = decays.reversed() + [nil]
    let trials = ways.flatMap { decay in (1...max(1, seedCount)).map { (decay: decay, seed: $0) } }
    let found = try parallelTrials(
      trials.count, progress, name: { "\(SamplingOutcome.title(trials[$0].decay)), seed \(trials[$0].seed)" }
    ) { index in try trial(trials[index].decay, seed: trials[index].seed, data) }
    return SamplingOutcome(experiment: self, trials: found)
  }

  private func trial(_ decay: SamplingDecayKind?, seed: Int, _ data: TranslationData) throws -> SamplingTrial {
    var configuration = settings
    configuration.sampling.decay = decay
    if let decay { configuration.sampling.schedule = schedule(decay) }
    let (model, loss) = try PairTraining(data: data, configuration: configuration, stepLimit: stepLimit).model(
      key: RandomKey(seed: UInt64(seed)))
    let part = data.test ?? data.validation
    let evaluation = try TranslationEvaluation(
      of: TextTranslator(model: model.prepared(), codecs: data.codecs, search: .greedy), on: part,
      kinds: [.exactMatch, .characterErrorRate])
    let summary = evaluation.summary
    return SamplingTrial(
      decay: decay, trainingLoss: loss, loss: summary.loss, accuracy: 100 * summary.accuracy,
      exactMatch: summary.scores[.exactMatch] ?? .nan, errorRate: summary.scores[.characterErrorRate] ?? .nan)
  }

  /// Numbers with which a decay comes to one half when its time has come.
  package func schedule(_ decay: SamplingDecayKind) -> ScheduledSampling {
    let half = max(1, halfTime * Double(stepLimit))
    var schedule = ScheduledSampling()
    schedule.decay = decay
    switch decay {
    case .linear: (schedule.constant, schedule.slope) = (1, 0.5 / half)
    case .exponential: schedule.constant = exp(log(0.5) / half)
    case .inverseSigmoid: schedule.constant = SamplingExperiment.inverseSigmoidConstant(half)
    }
    return schedule
  }

  /// k with k ln k = `half`, the step at which k / (k + exp(i / k)) is one half; 1 at least.
  static func inverseSigmoidConstant(_ half: Double) -> Double {
    var (low, high) = (1.0, max(3, half))
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if middle * log(middle) < half { low = middle } else { high = middle }
    }
    return high
  }
}

/// One way to train, from one seed.
public struct SamplingTrial: Sendable, Equatable {
  /// nil for teacher forcing.
  public let decay: SamplingDecayKind?
  /// The mean over the last twentieth of the steps, of the symbols read then, in nats.
  public let trainingLoss: Double
  /// Of true targets, the symbols before each true ones, in nats.
  public let loss: Double
  /// Symbols that are the likeliest after true ones, in per cent.
  public let accuracy: Double
  /// Of greedy translations, whose every symbol was read from the model's own, in per cent.
  public let exactMatch: Double
  /// Wrong characters of them, in per cent.
  public let errorRate: Double
}
