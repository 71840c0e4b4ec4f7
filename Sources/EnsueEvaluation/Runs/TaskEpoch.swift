// A line of a run log: a validation, at the end of every epoch or after so many steps.

import EnsueFiles

/// A validation; every member as in `EpochEvent`. Where a run validates every so many steps, these are its epochs.
public struct TaskEpoch<Summary: TaskSummary>: Sendable, Equatable {
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
  public let validation: Summary

  public init(
    epoch: Int, step: Int, seconds: Double, trainingLoss: Double, learningRate: Double, tokensPerSecond: Double,
    validation: Summary
  ) {
    (self.epoch, self.step, self.seconds, self.trainingLoss) = (epoch, step, seconds, trainingLoss)
    (self.learningRate, self.tokensPerSecond, self.validation) = (learningRate, tokensPerSecond, validation)
  }

  func write(into object: inout JSONObject) {
    object["epoch"] = .number(epoch)
    object["step"] = .number(step)
    object["seconds"] = .number(seconds)
    object["trainingLoss"] = .number(trainingLoss)
    object["learningRate"] = .number(learningRate)
    object["tokensPerSecond"] = .number(tokensPerSecond)
    object["validation"] = validation.json
  }

  init(_ fields: JSONFields) throws {
    try fields.allow([
      "event", "epoch", "step", "seconds", "trainingLoss", "learningRate", "tokensPerSecond", "validation",
    ])
    self.init(
      epoch: try fields.count("epoch"), step: try fields.count("step"), seconds: try fields.number("seconds"),
      trainingLoss: try fields.number("trainingLoss"), learningRate: try fields.number("learningRate"),
      tokensPerSecond: try fields.number("tokensPerSecond"),
      validation: try Summary(fields.fields("validation"), others: []))
  }
}
