// The settings of optimiser and schedule, which are the same for every training task.

import EnsueFiles
import EnsueTraining

/// A configuration with an optimiser and a schedule.
public protocol OptimizedTraining: Sendable {
  var optimizer: OptimizerConfiguration { get set }
  var schedule: ScheduleConfiguration { get set }
}

extension OptimizedTraining {
  /// The leaves of optimiser and schedule, in the order of the file and of the help.
  package static var optimizationSettings: [Setting<Self>] { optimizerSettings + scheduleSettings }

  package static var optimizerSettings: [Setting<Self>] {
    [
      .choice("optimizer.kind", \.optimizer.kind, option: "optimizer", "how gradients change weights"),
      .number(
        "optimizer.learningRate", \.optimizer.learningRate, .above(0, through: 100), option: "learning-rate",
        "step size"),
      .number("optimizer.momentum", \.optimizer.momentum, 0..<1, "share of the last step kept by momentum"),
      .number(
        "optimizer.squareDecay", \.optimizer.squareDecay, 0..<1, "decay of RMSProp's mean of squared gradients"),
      .number(
        "optimizer.normalizedMomentum", \.optimizer.normalizedMomentum, 0..<1,
        "share of the last step kept by RMSProp"),
      .number("optimizer.beta1", \.optimizer.beta1, 0..<1, "decay of Adam's mean of gradients"),
      .number("optimizer.beta2", \.optimizer.beta2, 0..<1, "decay of Adam's mean of squared gradients"),
      .number(
        "optimizer.epsilon", \.optimizer.epsilon, .above(0, through: 1), "the guard against division by zero"),
      .number(
        "optimizer.weightDecay", \.optimizer.weightDecay, 0...10, option: "weight-decay",
        "pull of the weights towards zero"),
      .flag(
        "optimizer.decaysVectors", \.optimizer.decaysVectors, "whether biases and other vectors are pulled too"),
    ]
  }

  package static var scheduleSettings: [Setting<Self>] {
    [
      .choice("schedule.kind", \.schedule.kind, option: "schedule", "how the learning rate changes")
    ] + scheduleConstants
  }

  /// The leaves of a schedule but for its name.
  package static var scheduleConstants: [Setting<Self>] {
    [
      .integer(
        "schedule.warmUpSteps", \.schedule.warmUpSteps, 1...1_000_000_000, option: "warmup-steps",
        "steps in which the rate rises; none for what is usual for the schedule"),
      .number(
        "schedule.warmUpShare", \.schedule.warmUpShare, .above(0, below: 1), option: "warmup-share",
        "the same as a share of all steps"),
      .choice(
        "schedule.warmUp", \.schedule.warmUp, option: "warmup",
        "how the rate rises before a decay, untuned where there are no steps; none for a line where there are steps"),
      .integer(
        "schedule.decaySteps", \.schedule.decaySteps, 1...1_000_000_000, option: "decay-steps",
        "steps in which the rate falls, for step between two falls; none for all that are left, for step a third"),
      .number(
        "schedule.minimumShare", \.schedule.minimumShare, 0...1, option: "minimum-rate",
        "share of the learning rate that is left at least"),
      .number(
        "schedule.ratio", \.schedule.ratio, .above(0, through: 1), option: "decay-ratio",
        "what step, reduce-on-plateau and epoch-decay multiply the rate with"),
      .integer(
        "schedule.holdEpochs", \.schedule.holdEpochs, 1...1_000_000, option: "hold-epochs",
        "epochs that epoch-decay leaves at the whole rate"),
      .integer(
        "schedule.patience", \.schedule.patience, 1...1_000_000, option: "plateau-patience",
        "epochs without improvement before reduce-on-plateau reduces"),
      .integer(
        "schedule.width", \.schedule.width, 1...1_000_000, option: "schedule-width",
        "noam's d; none for the features of the Transformer, 512 for other models"),
    ]
  }
}
