// Everything that decides the outcome of training a language model.

import EnsueData
import EnsueFiles
import EnsueModels
import EnsueText
import EnsueTraining

/// A training run of a language model, resolved: defaults, configuration file and options.
public struct LanguageConfiguration: Sendable, Equatable {
  /// Where the text comes from.
  public struct TextData: Sendable, Equatable {
    /// Files to train on, one after another.
    public var paths: [String] = []
    /// A folder of token shards to train on instead; empty for none.
    public var corpus = ""
    /// A file or a folder of shards to validate on instead of the end of the text; empty for none.
    public var validationPath = ""
    /// A file or a folder of shards to test the best weights on; empty for none.
    public var testPath = ""
    /// The share of the text, at its end, to validate on.
    public var validationFraction = 0.1
    public var encoding = TextEncodingKind.utf8
    public var badBytes = BadBytePolicy.reject
  }

  /// How text becomes tokens.
  public struct Tokens: Sendable, Equatable {
    public var level = TokenLevelKind.characters
    /// The tokenizer.json of subwords; empty for none.
    public var tokenizer = ""
    /// Rarer words are unknown.
    public var minimumCount = 1
    /// Most words of a word model; nil for all.
    public var wordLimit: Int?
  }

  /// The loop.
  public struct Training: AveragedLoopConfiguration {
    public var epochs = 50
    /// Steps after which training ends, if its epochs last longer; nil for no such end.
    public var maximumSteps: Int?
    /// Steps between two validations; nil for one at the end of every epoch.
    public var validationInterval: Int?
    /// Streams of the text, or windows, that are read side by side.
    public var batchSize = 50
    /// Tokens of a stream that a step reads, and that a gradient goes back through.
    public var steps = 50
    /// Batches whose gradients make one step.
    public var accumulation = 1
    public var windows = WindowOrderKind.shuffled
    /// Whether no window and no state goes on over the end of a document.
    public var keepsDocumentsApart = false
    public var labelSmoothing = 0.0
    /// Tokens drawn for each batch to compare its targets with (sampled softmax); nil for the whole vocabulary.
    public var sampledTokens: Int?
    public var clipNorm: Double? = 5
    public var clipValue: Double?
    /// Validations without improvement of the loss before training stops.
    public var patience = 5
    /// Of which validations the weights are averaged.
    public var averaging = WeightAveragingKind.best
    /// How many; 1 for the best alone.
    public var averagedCount = 1
    public var seed = 1
    /// Seconds between checkpoints; one is always written at the end and after Ctrl-C.
    public var checkpointSeconds = 10.0
  }

  /// What the model writes at every validation.
  public struct Samples: Sendable, Equatable {
    public var prompt = ""
    /// Tokens of a sample; 0 for no samples.
    public var length = 200
    public var temperature = 0.8
  }

  public var data = TextData()
  public var tokens = Tokens()
  public var model = LanguageModelSettings()
  public var optimizer = LanguageConfiguration.defaultOptimizer
  public var schedule = ScheduleConfiguration()
  public var training = Training()
  public var samples = Samples()

  public init() {}

  /// Small language models learn well at twice the usual rate.
  private static var defaultOptimizer: OptimizerConfiguration {
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 2e-3
    return optimizer
  }
}

extension LanguageConfiguration: RunConfiguration {
  public static let task = "language"
}
