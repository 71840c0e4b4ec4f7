// A line of the run log: training is over.

/// The end of training.
public struct DoneEvent: Sendable, Equatable {
  /// Why training ended, for example `epochs`, `earlyStopping` or `diverged`: the trainer's word.
  public let reason: String
  /// The epoch whose weights were kept; `nil` where no epoch was evaluated.
  public let bestEpoch: Int?
  /// Epochs trained.
  public let epochs: Int
  /// Training time, in seconds.
  public let trainingSeconds: Double
  /// Trained parameters of the model.
  public let parameters: Int
  /// The largest resident memory of the process, in bytes.
  public let peakMemoryBytes: Int

  public init(
    reason: String, bestEpoch: Int?, epochs: Int, trainingSeconds: Double, parameters: Int, peakMemoryBytes: Int
  ) {
    self.reason = reason
    self.bestEpoch = bestEpoch
    self.epochs = epochs
    self.trainingSeconds = trainingSeconds
    self.parameters = parameters
    self.peakMemoryBytes = peakMemoryBytes
  }
}
