// A fixed vector of the source against attention, by the length of the source (SPEC G1, G2): the figure that motivated
// attention. Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and translate", 2015,
// figure 2; the fixed vectors: Sutskever, Vinyals and Le 2014, Cho et al. 2014.

import EnsueBundle
import EnsueData
import EnsueDecoding
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTraining

/// Recurrent translation models that differ in what the decoder knows of the source alone.
public struct ContextVectorExperiment: Experiment {
  public var contexts: [ContextKind] = [.initialState, .everyStep, .bahdanau]
  public var seedCount = 3
  public var stepLimit = 3000
  /// Data, sizes, optimiser and batches of every model.
  public var settings = TranslationConfiguration()
  /// Lengths are put together until at most so many groups are left, each with `leastPairCount` pairs or more.
  public var groupCount = 7
  public var leastPairCount = 20

  /// - Parameter folder: that of Multi30k; nil for generated symbols to be reversed.
  public init(_ size: ExperimentSize = .standard, folder: String? = nil) {
    settings.optimizer.learningRate = 3e-3
    (settings.schedule.kind, settings.schedule.minimumShare) = (.cosine, 0.05)
    settings.training.batchSize = 32
    if let folder { setText(size, folder) } else { setReversal(size) }
  }

  private mutating func setReversal(_ size: ExperimentSize) {
    settings.data = ParallelRequest(kind: .reversal, shortest: 4, longest: 24, symbolCount: 8)
    settings.model.dropout = 0
    switch size {
    case .quick:
      (seedCount, stepLimit, groupCount) = (1, 400, 4)
      settings.data.longest = 15
      settings.data.counts = PairCounts(training: 4000, validation: 10, test: 160)
      setWidth(32)
    case .standard:
      settings.data.counts = PairCounts(training: 40_000, validation: 10, test: 1000)
      setWidth(64)
    case .paper:
      (seedCount, stepLimit) = (5, 30_000)
      settings.data.longest = 60
      settings.data.counts = PairCounts(training: 400_000, validation: 10, test: 3000)
      setWidth(256)
    }
  }

  private mutating func setText(_ size: ExperimentSize, _ folder: String) {
    settings.data = ParallelRequest(kind: .multi30k, paths: [folder])
    (settings.tokens.size, settings.tokens.isJoint) = (4000, true)
    settings.model.dropout = 0.2
    settings.optimizer.learningRate = 1e-3
    switch size {
    case .quick:
      (seedCount, stepLimit) = (1, 100)
      setWidth(32)
    case .standard:
      (seedCount, stepLimit) = (1, 2000)
      setWidth(128)
    case .paper:
      (seedCount, stepLimit, settings.tokens.size) = (3, 15_000, 8000)
      setWidth(512)
    }
  }

  private mutating func setWidth(_ width: Int) {
    (settings.model.recurrent.hiddenSize, settings.model.recurrent.embeddingSize) = (width, width)
  }

  /// Whether the pairs are sentences, which are compared by BLEU.
  var isText: Bool { settings.data.kind == .multi30k }

  public func run(_ progress: ExperimentProgress) throws -> ContextVectorOutcome {
    let data = try TranslationData(settings)
    let part = data.test ?? data.validation
    let groups = LengthGroups(
      part.encoded.pairs.map(\.source.count), count: groupCount, least: leastPairCount
    ).ranges
    // The slowest first, so that no thread is left with one at the end.
    let trials = contexts.reversed().flatMap { context in (1...max(1, seedCount)).map { (context, $0) } }
    let found = try parallelTrials(
      trials.count, progress, name: { "\(trials[$0].0.rawValue), seed \(trials[$0].1)" }
    ) { index in try trial(trials[index].0, seed: trials[index].1, data, part, groups) }
    let counts = groups.map { range in part.encoded.pairs.count { range.contains($0.source.count) } }
    return ContextVectorOutcome(experiment: self, groups: groups, pairCounts: counts, trials: found)
  }

  private func trial(
    _ context: ContextKind, seed: Int, _ data: TranslationData, _ part: TranslationPart, _ groups: [ClosedRange<Int>]
  ) throws -> ContextVectorTrial {
    var configuration = settings
    configuration.model.recurrent.context = context
    let (model, loss) = try PairTraining(data: data, configuration: configuration, stepLimit: stepLimit).model(
      key: RandomKey(seed: UInt64(seed)))
    let translator = TextTranslator(model: model.prepared(), codecs: data.codecs, search: .greedy)
    let evaluation = try TranslationEvaluation(of: translator, on: part, kinds: [.exactMatch])
    let scores = try groups.map { range in
      try ContextVectorScore(
        part, evaluation.translations,
        at: part.pairs.indices.filter { range.contains(part.encoded.pairs[$0].source.count) })
    }
    return ContextVectorTrial(
      context: context, parameterCount: model.parameterCount, trainingLoss: loss, loss: evaluation.summary.loss,
      scores: scores, score: try ContextVectorScore(part, evaluation.translations, at: Array(part.pairs.indices)))
  }
}

/// One model from one seed.
public struct ContextVectorTrial: Sendable, Equatable {
  public let context: ContextKind
  public let parameterCount: Int
  /// The mean over the last twentieth of the steps, in nats.
  public let trainingLoss: Double
  /// Of the true translations, in nats.
  public let loss: Double
  /// By group of lengths.
  public let scores: [ContextVectorScore]
  /// Of all pairs.
  public let score: ContextVectorScore
}
