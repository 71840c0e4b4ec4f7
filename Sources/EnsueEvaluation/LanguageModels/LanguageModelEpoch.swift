// A line of a language model's run log: a validation, at the end of every epoch or after so many steps.

/// A validation; every member as in `EpochEvent`. Where a run validates every so many steps, these are its epochs.
public struct LanguageModelEpoch: Sendable, Equatable {
  /// From 1.
  public let epoch: Int
  /// Optimiser steps so far.
  public let step: Int
  /// Training time so far, in seconds.
  public let seconds: Double
  /// The mean training loss of the epoch, in nats per symbol.
  public let trainingLoss: Double
  public let learningRate: Double
  /// Symbols of training per second in this epoch.
  public let tokensPerSecond: Double
  public let validation: LanguageModelSummary

  public init(
    epoch: Int, step: Int, seconds: Double, trainingLoss: Double, learningRate: Double, tokensPerSecond: Double,
    validation: LanguageModelSummary
  ) {
    (self.epoch, self.step, self.seconds, self.trainingLoss) = (epoch, step, seconds, trainingLoss)
    (self.learningRate, self.tokensPerSecond, self.validation) = (learningRate, tokensPerSecond, validation)
  }
}
