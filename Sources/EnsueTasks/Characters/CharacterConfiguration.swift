// Everything that decides the outcome of training a character model.

import EnsueData
import EnsueModels
import EnsueTraining

/// A training run of a character model, resolved: defaults, configuration file and options.
public struct CharacterConfiguration: Sendable, Equatable {
  /// Where the text comes from.
  public struct TextData: Sendable, Equatable {
    /// The file to train on.
    public var path = ""
    /// A file to validate on instead of the end of the text; empty for none.
    public var validationPath = ""
    /// A file to test the best weights on; empty for none.
    public var testPath = ""
    /// The share of the text, at its end, to validate on.
    public var validationFraction = 0.1
    public var encoding = TextEncodingKind.utf8
    public var badBytes = BadBytePolicy.reject
  }

  /// The loop.
  public struct Training: Sendable, Equatable {
    public var epochs = 50
    /// Streams of the text that are read side by side.
    public var batchSize = 50
    /// Characters of a stream that a step reads, and that a gradient goes back through.
    public var steps = 50
    public var clipNorm: Double? = 5
    public var clipValue: Double?
    /// Epochs without improvement of the validation loss before training stops.
    public var patience = 5
    public var seed = 1
    /// Seconds between checkpoints; one is always written at the end and after Ctrl-C.
    public var checkpointSeconds = 10.0
  }

  public var data = TextData()
  public var model = RecurrentLanguageModelConfiguration()
  public var optimizer = CharacterConfiguration.defaultOptimizer
  public var schedule = ScheduleConfiguration()
  public var training = Training()

  public init() {}

  /// Character models learn well at twice the usual rate.
  private static var defaultOptimizer: OptimizerConfiguration {
    var optimizer = OptimizerConfiguration()
    optimizer.learningRate = 2e-3
    return optimizer
  }
}

extension CharacterConfiguration: RunConfiguration {
  public static let task = "characters"

  public var clipping: GradientClipping { GradientClipping(norm: training.clipNorm, value: training.clipValue) }
  public var stopping: EarlyStopping { EarlyStopping(higherIsBetter: false, patience: training.patience) }
  public var epochs: Int { training.epochs }
  public var seed: Int { training.seed }
  public var checkpointSeconds: Double { training.checkpointSeconds }
}
