// A line of the run log: an epoch of training is over.

/// How much the gradient in hard attention's scores, as REINFORCE estimates it, differs from draw to draw: the mean
/// over sentences of E‖g - E g‖².
public struct DrawVariance: Sendable, Equatable {
  public let withBaseline: Double
  /// What it would be with a baseline of 0.
  public let withoutBaseline: Double

  public init(withBaseline: Double, withoutBaseline: Double) {
    (self.withBaseline, self.withoutBaseline) = (withBaseline, withoutBaseline)
  }
}

/// The end of an epoch.
public struct EpochEvent: Sendable, Equatable {
  /// The epoch, from 1; 0 may stand for an evaluation before training.
  public let epoch: Int
  /// Optimiser steps so far.
  public let step: Int
  /// Training time so far, in seconds; time before a resume included, evaluation as the trainer counts it.
  public let seconds: Double
  /// The mean training loss of the epoch.
  public let trainingLoss: Double
  /// The learning rate of the epoch's last step.
  public let learningRate: Double
  /// Tokens per second of training in this epoch.
  public let tokensPerSecond: Double
  /// The result on the validation split; `nil` where there is none.
  public let validation: EvaluationSummary?
  /// After the epoch, of a model that draws what it reads; `nil` of any other.
  public let drawVariance: DrawVariance?

  public init(
    epoch: Int, step: Int, seconds: Double, trainingLoss: Double, learningRate: Double, tokensPerSecond: Double,
    validation: EvaluationSummary?, drawVariance: DrawVariance? = nil
  ) {
    self.epoch = epoch
    self.step = step
    self.seconds = seconds
    self.trainingLoss = trainingLoss
    self.learningRate = learningRate
    self.tokensPerSecond = tokensPerSecond
    self.validation = validation
    self.drawVariance = drawVariance
  }
}
