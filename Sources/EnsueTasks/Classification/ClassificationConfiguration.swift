// Everything that decides the outcome of training a sentence classifier.

import EnsueData
import EnsueEvaluation
import EnsueModels
import EnsueText
import EnsueTraining

/// A training run of a sentence classifier, resolved: defaults, configuration file and options.
public struct ClassificationConfiguration: Sendable, Equatable {
  public var data = DataConfiguration()
  public var text = TextConfiguration()
  public var embedding = EmbeddingConfiguration()
  public var pretrained = PretrainedConfiguration()
  public var model = ClassifierConfiguration()
  public var optimizer = OptimizerConfiguration()
  public var schedule = ScheduleConfiguration()
  public var training = TrainingConfiguration()

  public init() {}
}

/// Where the sentences come from.
public struct DataConfiguration: Sendable, Equatable {
  public var dataset = DatasetKind.file
  public var paths: [String] = []
  public var validationPaths: [String] = []
  public var testPaths: [String] = []
  public var format = DataFormatKind.automatic
  /// Column names or numbers from 1; empty to find them.
  public var textColumn = ""
  /// Empty where texts are by themselves.
  public var pairColumn = ""
  public var labelColumn = ""
  public var labelKind = LabelKind.category
  public var header = HeaderKind.auto
  public var quoting: QuotingKind?
  public var encoding = TextEncodingKind.utf8
  public var badBytes = BadBytePolicy.reject
  public var skipsBadRows = false
  public var validationFraction = 0.2
  /// Of the split alone, so that runs with different training seeds see the same data.
  public var validationSeed = 0
  /// Sentences of each part at most; nil for all.
  public var sampleSize: Int?

  /// The request that loads the data.
  public func request() throws -> DatasetRequest {
    DatasetRequest(
      kind: dataset, paths: paths, validationPaths: validationPaths, testPaths: testPaths, reading: try reading(),
      validationFraction: validationFraction, validationSeed: UInt64(validationSeed),
      sampleSize: sampleSize)
  }

  /// How files are read.
  public func reading() throws -> ReadingOptions {
    ReadingOptions(
      format: format, textColumn: try DataConfiguration.column(textColumn),
      pairColumn: try DataConfiguration.column(pairColumn), labelColumn: try DataConfiguration.column(labelColumn),
      labelKind: labelKind, header: header, quoting: quoting, encoding: encoding, badBytes: badBytes,
      skipBadRows: skipsBadRows)
  }

  private static func column(_ text: String) throws -> ColumnSelector? { text.isEmpty ? nil : try ColumnSelector(text) }
}

/// From text to tokens.
public struct TextConfiguration: Sendable, Equatable {
  public var tokenizer = TokenizerKind.words
  public var lowercases = true
  /// Rarer tokens are unknown.
  public var minimumCount = 1
  /// Rows of the vocabulary at most, the two special ones among them.
  public var vocabularyLimit: Int?
  /// Tokens of a sentence at most; the rest is cut off, and counted.
  public var maximumLength: Int?
}

/// Word vectors.
public struct EmbeddingConfiguration: Sendable, Equatable {
  /// The files, each a table of the same words; none for random vectors.
  public var paths: [String] = []
  public var format = WordVectorFormatKind.automatic
}

/// The loop.
public struct TrainingConfiguration: LoopConfiguration {
  public var epochs = 50
  public var batchSize = 64
  /// Batches whose gradients are averaged for one update.
  public var accumulation = 1
  public var labelSmoothing = 0.0
  public var clipNorm: Double? = 5
  public var clipValue: Double?
  /// The number that decides which weights are best and when to stop.
  public var metric = MetricKind.loss
  /// Epochs without improvement before training stops.
  public var patience = 5
  public var seed = 1
  /// Seconds between checkpoints; one is always written at the end and after Ctrl-C.
  public var checkpointSeconds = 10.0
}
