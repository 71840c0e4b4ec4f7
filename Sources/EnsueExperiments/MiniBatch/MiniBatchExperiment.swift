// The ways to put pairs into mini-batches (SPEC I6): Morishita, Oda, Neubig, Yoshino, Sudoh and Nakamura, "An empirical
// study of mini-batch creation strategies for neural machine translation", 2017.

import EnsueBundle
import EnsueData
import EnsueDecoding
import EnsueEvaluation
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTraining

/// Every strategy with sizes in sentences and in words: the same model, and the same number of updates, which read as
/// many symbols in the mean.
public struct MiniBatchExperiment: Experiment {
  public var strategies = BatchStrategyKind.allCases
  public var units = BatchUnitKind.allCases
  public var seedCount = 2
  public var stepLimit = 3000
  /// Updates between two looks at the test pairs.
  public var interval = 250
  /// Test pairs that are translated at a look; the loss is that of all.
  public var translatedCount = 200
  /// Data, model and optimiser; `training.batchSize` is that in sentences.
  public var settings = TranslationConfiguration()

  /// - Parameter folder: that of Multi30k; nil for generated sums.
  public init(_ size: ExperimentSize = .standard, folder: String? = nil) {
    settings.optimizer.learningRate = 2e-3
    settings.training.batchSize = 32
    if let folder { setText(size, folder) } else { setSums(size) }
  }

  private mutating func setSums(_ size: ExperimentSize) {
    settings.data = ParallelRequest(kind: .addition, digits: 6)
    settings.model.dropout = 0
    switch size {
    case .quick:
      (seedCount, stepLimit, interval, translatedCount) = (1, 60, 20, 20)
      settings.data.digits = 3
      settings.data.counts = PairCounts(training: 2000, validation: 10, test: 60)
      setWidth(24)
    case .standard:
      settings.data.counts = PairCounts(training: 40_000, validation: 10, test: 500)
      setWidth(64)
    case .paper:
      (seedCount, stepLimit, interval, settings.data.digits) = (3, 20_000, 1000, 10)
      settings.data.counts = PairCounts(training: 400_000, validation: 10, test: 2000)
      setWidth(256)
    }
  }

  private mutating func setText(_ size: ExperimentSize, _ folder: String) {
    settings.data = ParallelRequest(kind: .multi30k, paths: [folder])
    (settings.tokens.size, settings.tokens.isJoint) = (4000, true)
    settings.model.dropout = 0.2
    switch size {
    case .quick:
      (seedCount, stepLimit, interval, translatedCount) = (1, 30, 15, 20)
      setWidth(32)
    case .standard:
      (seedCount, stepLimit, interval) = (1, 600, 100)
      setWidth(128)
    case .paper:
      (seedCount, stepLimit, interval, settings.tokens.size) = (3, 10_000, 500, 8000)
      setWidth(512)
    }
  }

  private mutating func setWidth(_ width: Int) {
    (settings.model.recurrent.hiddenSize, settings.model.recurrent.embeddingSize) = (width, width)
  }

  /// Whether the pairs are sentences, which are compared by BLEU; sums are by exact match.
  var isText: Bool { settings.data.kind == .multi30k }
  var metric: TranslationMetricKind { isText ? .bleu : .exactMatch }

  /// What is compared, strategy by strategy.
  var ways: [MiniBatchWay] {
    units.flatMap { unit in strategies.map { MiniBatchWay(strategy: $0, unit: unit) } }
  }

  public func run(_ progress: ExperimentProgress) throws -> MiniBatchOutcome {
    let data = try TranslationData(settings)
    let trials = ways.flatMap { way in (1...max(1, seedCount)).map { (way: way, seed: $0) } }
    let found = try parallelTrials(
      trials.count, progress, name: { "\(trials[$0].way.title), seed \(trials[$0].seed)" }
    ) { index in try trial(trials[index].way, seed: trials[index].seed, data) }
    let shapes = ways.map { way in
      MiniBatchShape(of: way, data.training.encoded.lengths, configuration(way, data), key: RandomKey(seed: 1))
    }
    return MiniBatchOutcome(
      experiment: self, wordCount: wordCount(data), shapes: Dictionary(uniqueKeysWithValues: zip(ways, shapes)),
      trials: found)
  }

  /// Words of a batch: as many as the sentences of the other batches have in the mean.
  private func wordCount(_ data: TranslationData) -> Int {
    let lengths = data.training.encoded.lengths
    let mean = Double(lengths.reduce(0) { $0 + $1.target }) / Double(max(1, lengths.count))
    return max(1, Int((mean * Double(settings.training.batchSize)).rounded()))
  }

  private func configuration(_ way: MiniBatchWay, _ data: TranslationData) -> TranslationConfiguration {
    var configuration = settings
    (configuration.training.strategy, configuration.training.unit) = (way.strategy, way.unit)
    switch way.unit {
    case .sentences: break
    case .words: configuration.training.batchSize = wordCount(data)
    }
    return configuration
  }

  private func trial(_ way: MiniBatchWay, seed: Int, _ data: TranslationData) throws -> MiniBatchTrial {
    let part = data.test ?? data.validation
    var looks: [MiniBatchLook] = []
    let training = PairTraining(data: data, configuration: configuration(way, data), stepLimit: stepLimit)
    _ = try training.model(
      key: RandomKey(seed: UInt64(seed)), looksAt: { $0 % max(1, interval) == 0 || $0 == stepLimit }
    ) { progress, model in
      let evaluation = try TranslationEvaluation(
        of: TextTranslator(model: model.prepared(), codecs: data.codecs, search: .greedy), on: part,
        sentenceCount: progress.step == stepLimit ? nil : translatedCount, kinds: [metric])
      looks.append(
        MiniBatchLook(
          step: progress.step, seconds: progress.seconds, symbolCount: progress.symbolCount,
          loss: evaluation.summary.loss, score: evaluation.summary.scores[metric] ?? .nan))
    }
    return MiniBatchTrial(way: way, looks: looks)
  }
}

/// A strategy, and what the sizes of its batches count.
public struct MiniBatchWay: Sendable, Hashable {
  public let strategy: BatchStrategyKind
  public let unit: BatchUnitKind

  public init(strategy: BatchStrategyKind, unit: BatchUnitKind) { (self.strategy, self.unit) = (strategy, unit) }

  public var title: String { "\(strategy.rawValue), \(unit.rawValue)" }
}

/// What the batches of a way look like over an epoch.
public struct MiniBatchShape: Sendable, Equatable {
  /// The standard deviation of the target symbols of a batch over their mean.
  public let variation: Double
  /// The share of a padded batch that would hold no symbol, both sides together. Ensue's batches are packed and have none.
  public let padding: Double

  init(
    of way: MiniBatchWay, _ lengths: [(source: Int, target: Int)], _ configuration: TranslationConfiguration,
    key: RandomKey
  ) {
    let training = configuration.training
    let batches = PairBatches(
      lengths: lengths, strategy: way.strategy, unit: way.unit, size: training.batchSize, key: key
    ).batches(epoch: 0)
    var (symbols, cells) = (0, 0)
    let sizes = batches.map { batch in
      let pairs = batch.map { lengths[$0] }
      let (source, target) = (pairs.map(\.source), pairs.map(\.target))
      symbols += source.reduce(0, +) + target.reduce(0, +)
      cells += batch.count * ((source.max() ?? 0) + (target.max() ?? 0))
      return Double(target.reduce(0, +))
    }
    let mean = sizes.reduce(0, +) / Double(max(1, sizes.count))
    let variance = sizes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, sizes.count))
    variation = variance.squareRoot() / max(mean, .leastNonzeroMagnitude)
    padding = 1 - Double(symbols) / Double(max(1, cells))
  }
}

/// What was seen after some updates.
public struct MiniBatchLook: Sendable, Equatable {
  public let step: Int
  /// Of the processor, spent on the updates.
  public let seconds: Double
  /// Symbols of targets that were learned from.
  public let symbolCount: Int
  /// Of all test pairs, in nats a symbol.
  public let loss: Double
  /// BLEU of sentences, exact match of sums; of the first pairs, at the last look of all.
  public let score: Double
}

/// One way from one seed.
public struct MiniBatchTrial: Sendable, Equatable {
  public let way: MiniBatchWay
  public let looks: [MiniBatchLook]
}
