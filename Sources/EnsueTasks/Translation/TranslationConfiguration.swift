// Everything that decides the outcome of training a translation model.

import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueText
import EnsueTraining

/// A training run of a translation model, resolved: defaults, configuration file and options.
public struct TranslationConfiguration: Sendable, Equatable {
  /// How texts become symbols.
  public struct Tokens: Sendable, Equatable {
    /// nil for what suits the data set.
    public var level: TokenLevelKind?
    /// Ids of a vocabulary at most; nil for all words or characters, and 8,000 subwords.
    public var size: Int?
    /// Rarer words and characters are unknown.
    public var minimumCount = 1
    public var trainer = SubwordTrainerKind.sentencePieceBytePair
    public var lowercases = false
    /// One tokenizer.json for both sides, or one for each, in place of trained ones.
    public var tokenizerPaths: [String] = []
    /// Whether both sides have one vocabulary.
    public var isJoint = false
  }

  /// The loop.
  public struct Training: AveragedLoopConfiguration {
    public var epochs = 30
    /// Steps after which training ends, if its epochs last longer; nil for no such end.
    public var maximumSteps: Int?
    /// Steps between two validations; nil for one at the end of every epoch.
    public var validationInterval: Int?
    public var strategy = BatchStrategyKind.shuffle
    public var unit = BatchUnitKind.sentences
    /// Sentences of a batch, or symbols of its targets.
    public var batchSize = 64
    /// Batches whose gradients make one step.
    public var accumulation = 1
    public var labelSmoothing = 0.0
    public var clipNorm: Double? = 1
    public var clipValue: Double?
    /// Validations without improvement before training stops.
    public var patience = 10
    /// What decides which weights are best.
    public var criterion = TranslationCriterion.loss
    /// Of which validations the weights are averaged.
    public var averaging = WeightAveragingKind.best
    /// How many; 1 for the best alone.
    public var averagedCount = 1
    public var seed = 1
    /// Seconds between checkpoints; one is always written at the end and after Ctrl-C.
    public var checkpointSeconds = 10.0
  }

  /// Scheduled sampling: a decoder that reads some of its own symbols in training.
  public struct Sampling: Sendable, Equatable {
    /// nil for none: the true symbol is always read (teacher forcing).
    public var decay: SamplingDecayKind?
    public var schedule = ScheduledSampling()
    /// How often a batch is read to find the model's own symbols.
    public var passes = 1

    /// The probability of reading the true symbol.
    /// - Parameter step: updates done.
    package func trueShare(step: Int) -> Double {
      guard let decay else { return 1 }
      var schedule = schedule
      schedule.decay = decay
      return schedule.trueShare(step: step)
    }

    /// - Throws: `Failure` of kind `configuration` for constants that the decay does not have.
    func check() throws(Failure) {
      guard let decay else { return }
      var schedule = schedule
      schedule.decay = decay
      try schedule.check(section: "sampling.")
    }
  }

  /// What is translated at every validation.
  public struct Validation: Sendable, Equatable {
    /// Sentences, the first of the validation data; 0 for none, nil for all.
    public var sentenceCount: Int? = 200
    public var beamWidth = 1
    /// Sentences of a sample in the run folder; 0 for none.
    public var sampleCount = 3
  }

  /// How the test data is translated when training has ended.
  public struct Test: Sendable, Equatable {
    public var beamWidth = 5
    public var lengthPenalty = 1.0
  }

  public var data = ParallelRequest(kind: .files)
  public var tokens = Tokens()
  public var model = TranslationModelSettings()
  public var optimizer = TranslationConfiguration.defaultOptimizer
  public var schedule = ScheduleConfiguration()
  public var training = Training()
  public var sampling = Sampling()
  public var validation = Validation()
  public var test = Test()

  public init() {}

  private static var defaultOptimizer: OptimizerConfiguration {
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 1e-3
    return optimizer
  }
}

extension TranslationConfiguration: RunConfiguration {
  public static let task = "translate"

  public var stopping: EarlyStopping {
    EarlyStopping(higherIsBetter: training.criterion.higherIsBetter, patience: training.patience)
  }

  /// The request that makes the vocabularies.
  var codecRequest: SequenceCodecRequest {
    SequenceCodecRequest(
      level: tokens.level ?? (tokens.tokenizerPaths.isEmpty ? data.kind.usualLevel : .subwords), size: tokens.size,
      minimumCount: tokens.minimumCount, trainer: tokens.trainer, lowercases: tokens.lowercases,
      tokenizerPaths: tokens.tokenizerPaths, isJoint: tokens.isJoint)
  }

  /// What holds between several settings.
  /// - Throws: `Failure` of kind `configuration`.
  func check() throws(Failure) {
    if case .score(let kind) = training.criterion, validation.sentenceCount == 0 {
      throw Failure(
        .configuration, at: "validation.sentences",
        "sentences to translate at validation expected, found 0: training.metric is \(kind.rawValue)",
        advice: "Raise --validation-sentences, or choose --metric loss.")
    }
    try sampling.check()
    // Vocabularies decide nothing here.
    let architecture = try model.architecture(sourceVocabularySize: 2, targetVocabularySize: 2, isJoint: true)
    if case .recurrent(let configuration) = architecture { try configuration.checkUse() }
  }
}
