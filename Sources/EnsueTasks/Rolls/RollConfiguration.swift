// Everything that decides the outcome of training a model of piano rolls.

import EnsueModels
import EnsueTraining

/// A training run of a model of piano rolls, resolved: defaults, configuration file and options.
public struct RollConfiguration: Sendable, Equatable {
  /// Where the pieces come from.
  public struct Pieces: Sendable, Equatable {
    /// The JSON file with its parts train, valid and test.
    public var path = ""
    /// Training pieces are moved by as many semitones up or down at most, anew in every epoch, where all their notes
    /// stay on the piano.
    public var transposition = 0
  }

  /// The loop.
  public struct Training: LoopConfiguration {
    public var epochs = 200
    /// Pieces of a step.
    public var batchSize = 16
    public var clipNorm: Double? = 1
    public var clipValue: Double?
    /// Epochs without improvement of the validation loss before training stops.
    public var patience = 20
    public var seed = 1
    /// Seconds between checkpoints; one is always written at the end and after Ctrl-C.
    public var checkpointSeconds = 10.0
  }

  public var data = Pieces()
  public var model = RollModelConfiguration()
  public var optimizer = OptimizerConfiguration()
  public var schedule = ScheduleConfiguration()
  public var training = Training()

  public init() {}
}

extension RollConfiguration: RunConfiguration {
  public static let task = "rolls"
}
