// The laboratory (SPEC I10): all sentence classifiers on one data set with the same word vectors, from bags of words to
// a Transformer.

import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueText
import EnsueTraining

/// Every classifier with every seed, each in a run folder of its own; runs that have ended are not trained again.
public struct LabExperiment: Sendable {
  public let sweep: ClassificationSweep

  /// The laboratory's classifiers, from baselines to the Transformer.
  public static let classifiers: [ClassifierKind] = [
    .bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .gru, .lstm, .birnn, .bigru, .bilstm, .selfAttention,
    .multiHeadAttention, .transformer,
  ]

  /// - Parameters:
  ///   - configuration: what all classifiers share.
  ///   - tunings: how pre-trained models are fine-tuned beside them.
  ///   - isClassic: whether the Transformer has the sizes of Vaswani et al. (2017).
  ///   - folder: receives a run folder for each.
  /// - Throws: `Failure` where seeds go past the largest number.
  public init(
    _ configuration: ClassificationConfiguration, models: [ClassifierKind] = LabExperiment.classifiers,
    tunings: [ClassificationConfiguration] = [], seeds: Int = 3, isClassic: Bool = false, in folder: String
  ) throws {
    let made = try models.map { kind in
      try ClassificationSweep(
        LabExperiment.configuration(configuration, for: kind, isClassic: isClassic), models: [kind], seeds: seeds,
        in: folder)
    }
    let tuned = try tunings.map { try ClassificationSweep($0, models: [], seeds: seeds, in: folder) }
    sweep = ClassificationSweep(joining: made + tuned)
    let folders = sweep.runs.map(\.folder.name)
    if let twice = folders.first(where: { name in folders.filter { $0 == name }.count > 1 }) {
      throw Failure(
        .usage, at: "--from", "models of different names expected, found two for the folder \(Failure.shown(twice))")
    }
  }

  /// - Parameters:
  ///   - data: the folder of the data set.
  ///   - embeddings: a file of word vectors; nil for random ones.
  ///   - pretrained: models to fine-tune beside them, folders or `hub:ORG/NAME`; at the quick size on 40 sentences.
  ///   - seeds: nil for those of the size.
  /// - Throws: `Failure` where the file is none of word vectors.
  public init(
    _ size: ExperimentSize, _ dataset: LabDatasetKind, data: String, embeddings: String?, pretrained: [String] = [],
    seeds: Int? = nil, in folder: String
  ) throws {
    var configuration = LabExperiment.configuration(of: dataset, data: data, embeddings: embeddings)
    if let embeddings {
      configuration.model.headCount = LabExperiment.headCount(for: try WordVectors.dimension(of: embeddings))
    }
    var models = LabExperiment.classifiers
    var tuning = ClassificationConfiguration.fineTuning(.category)
    tuning.data = LabExperiment.pretrainedData(size, dataset, data: data)
    let usualSeeds: Int
    switch size {
    case .quick:
      (models, usualSeeds) = ([.bagOfWords, .mean, .meanMax, .lstm, .selfAttention, .transformer], 1)
      (configuration.training.epochs, configuration.model.hiddenSize) = (3, 50)
      configuration.optimizer.learningRate = 2e-3
    case .standard: usualSeeds = 3
    case .paper:
      usualSeeds = 10
      configuration.training.epochs = 100
    }
    let tunings = pretrained.map { path in
      var tuning = tuning
      tuning.pretrained.path = path
      return tuning
    }
    try self.init(
      configuration, models: models, tunings: tunings, seeds: seeds ?? usualSeeds, isClassic: size == .paper, in: folder
    )
  }

  /// What pre-trained models are fine-tuned and measured on: all, at the quick size 40 sentences of each part.
  public static func pretrainedData(
    _ size: ExperimentSize, _ dataset: LabDatasetKind, data: String
  ) -> DataConfiguration {
    var data = configuration(of: dataset, data: data, embeddings: nil).data
    if size == .quick { data.sampleSize = 40 }
    return data
  }

  /// As in the laboratory: a fifth of the training data to validate on, the best weights by validation loss, five epochs
  /// of patience.
  public static func configuration(
    of dataset: LabDatasetKind, data: String, embeddings: String?
  ) -> ClassificationConfiguration {
    var configuration = ClassificationConfiguration()
    (configuration.data.dataset, configuration.data.paths) = (dataset.dataset, [data])
    (configuration.data.validationFraction, configuration.embedding.paths) = (0.2, embeddings.map { [$0] } ?? [])
    (configuration.model.pooling, configuration.model.dropout) = (.last, 0.5)
    configuration.optimizer.learningRate = 5e-4
    (configuration.training.epochs, configuration.training.patience) = (30, 5)
    (configuration.training.metric, configuration.training.batchSize) = (.loss, 32)
    switch dataset {
    case .mr: configuration.text.tokenizer = .whitespace
    case .semeval: (configuration.text.minimumCount, configuration.training.batchSize) = (2, 64)
    }
    return configuration
  }

  /// Five heads, as for vectors of 50; as many as divide the width, at most eight, where five do not.
  private static func headCount(for width: Int) -> Int {
    width.isMultiple(of: 5) ? 5 : (1...8).last { width.isMultiple(of: $0) } ?? 1
  }

  /// What a classifier needs for itself.
  static func configuration(
    _ shared: ClassificationConfiguration, for kind: ClassifierKind, isClassic: Bool
  ) -> ClassificationConfiguration {
    var configuration = shared
    // A weight of a rare word changes in few steps, which have to be large.
    if !kind.hasEmbedding { configuration.optimizer.learningRate *= 10 }
    // Small steps leave them on the plateau at the beginning for longer than patience lasts.
    if kind.cell != nil { configuration.optimizer.learningRate *= 2 }
    // Dropout acts twice in every block.
    if kind.hasAttentiveBlocks { configuration.model.dropout = min(0.2, shared.model.dropout) }
    if kind == .transformer {
      configuration.model.layerCount = 3
      if isClassic { LabExperiment.makeClassic(&configuration) }
    }
    return configuration
  }

  /// The sizes, the positions, the norms, the optimiser and the schedule of Vaswani et al. (2017).
  private static func makeClassic(_ configuration: inout ClassificationConfiguration) {
    let classic = ClassifierConfiguration.vaswani2017
    configuration.model.width = classic.embeddingSize
    (configuration.model.headCount, configuration.model.layerCount) = (classic.headCount, classic.layerCount)
    (configuration.model.feedForwardSize, configuration.model.dropout) = (classic.feedForwardSize, classic.dropout)
    (configuration.model.positions, configuration.model.norm) = (classic.positions, classic.norm)
    (configuration.optimizer.beta2, configuration.optimizer.epsilon) = (0.98, 1e-9)
    configuration.optimizer.learningRate = 1
    (configuration.schedule.kind, configuration.schedule.warmUpSteps) = (.noam, 4000)
    configuration.schedule.width = classic.embeddingSize
  }

  /// What was found.
  /// - Parameters:
  ///   - records: of all runs, in the order of `sweep.runs`; nil for one that diverged.
  ///   - measured: of models that were not trained here, under the names that they are given.
  public func outcome(_ records: [RunRecord?], measured: [RunRecord] = []) -> LabOutcome {
    precondition(
      records.count == sweep.runs.count, "the laboratory has \(sweep.runs.count) runs, not \(records.count)")
    return LabOutcome(
      trials: zip(sweep.runs, records).map { LabTrial($0.configuration, $1) } + measured.map { LabTrial(measured: $0) })
  }
}

/// One classifier with one seed.
public struct LabTrial: Sendable {
  public let entry: LabEntry
  /// Of the run; the defaults of a model that was not trained here.
  public let configuration: ClassificationConfiguration
  /// nil where training diverged.
  public let record: RunRecord?

  /// What came of a run.
  init(_ configuration: ClassificationConfiguration, _ record: RunRecord?) {
    (self.configuration, self.record) = (configuration, record)
    entry =
      configuration.pretrained.isGiven ? .pretrained(configuration.pretrained.path) : .made(configuration.model.kind)
  }

  init(measured record: RunRecord) {
    (entry, configuration, self.record) = (.measured(record.name), ClassificationConfiguration(), record)
  }
}

/// A row of the laboratory's table.
public enum LabEntry: Hashable, Sendable {
  /// A classifier made for the data.
  case made(ClassifierKind)
  /// A pre-trained model, fine-tuned; where it is from.
  case pretrained(String)
  /// A model as it came, measured and not trained; its name.
  case measured(String)

  var isMade: Bool {
    switch self {
    case .made: true
    case .pretrained, .measured: false
    }
  }

  var isTuned: Bool {
    switch self {
    case .pretrained: true
    case .made, .measured: false
    }
  }

  var isMeasured: Bool { !isMade && !isTuned }
}
