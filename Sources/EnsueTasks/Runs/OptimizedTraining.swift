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
      .number("optimizer.momentum", \.optimizer.momentum, 0..<1, "share of the last step kept by momentum")
        .readByOptimizers([.momentum, .nesterov]),
      .number(
        "optimizer.squareDecay", \.optimizer.squareDecay, 0..<1, "decay of RMSProp's mean of squared gradients"
      ).readByOptimizers([.rmsprop]),
      .number(
        "optimizer.normalizedMomentum", \.optimizer.normalizedMomentum, 0..<1,
        "share of the last step kept by RMSProp"
      ).readByOptimizers([.rmsprop]),
      .number("optimizer.beta1", \.optimizer.beta1, 0..<1, "decay of Adam's mean of gradients")
        .readByOptimizers([.adam, .adamw, .radam]),
      .number("optimizer.beta2", \.optimizer.beta2, 0..<1, "decay of Adam's mean of squared gradients")
        .readByOptimizers([.adam, .adamw, .radam]) { $0.schedule.readsBeta2 },
      .number(
        "optimizer.epsilon", \.optimizer.epsilon, .above(0, through: 1), "the guard against division by zero"
      ).readByOptimizers([.rmsprop, .adagrad, .adam, .adamw, .radam]),
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
        "steps in which the rate rises; none for what is usual for the schedule"
      ).readBySchedules { $0.takesWarmUp },
      .number(
        "schedule.warmUpShare", \.schedule.warmUpShare, .above(0, below: 1), option: "warmup-share",
        "the same as a share of all steps"
      ).readBySchedules { $0.takesWarmUp },
      .choice(
        "schedule.warmUp", \.schedule.warmUp, option: "warmup",
        "how the rate rises before a decay, untuned where there are no steps; none for a line where there are steps"
      ).readBySchedules { $0.takesWarmUpShape },
      .integer(
        "schedule.decaySteps", \.schedule.decaySteps, 1...1_000_000_000, option: "decay-steps",
        "steps in which the rate falls, for step between two falls; none for all that are left, for step a third"
      ).readBySchedules { $0.takesDecay },
      .number(
        "schedule.minimumShare", \.schedule.minimumShare, 0...1, option: "minimum-rate",
        "share of the learning rate that is left at least"
      ).readBySchedules { $0.takesMinimum },
      .number(
        "schedule.ratio", \.schedule.ratio, .above(0, through: 1), option: "decay-ratio",
        "what step, reduce-on-plateau and epoch-decay multiply the rate with"
      ).readBySchedules { $0.takesRatio },
      .integer(
        "schedule.holdEpochs", \.schedule.holdEpochs, 1...1_000_000, option: "hold-epochs",
        "epochs that epoch-decay leaves at the whole rate"
      ).readBySchedules { $0 == .epochDecay },
      .integer(
        "schedule.patience", \.schedule.patience, 1...1_000_000, option: "plateau-patience",
        "epochs without improvement before reduce-on-plateau reduces"
      ).readBySchedules { $0 == .reduceOnPlateau },
      .integer(
        "schedule.width", \.schedule.width, 1...1_000_000, option: "schedule-width",
        "noam's d; none for the features of the Transformer, 512 for other models"
      ).readBySchedules { $0 == .noam },
    ]
  }
}

extension Setting where Root: OptimizedTraining {
  /// A constant of some optimisers. With the others it would do nothing, and is a misunderstanding.
  fileprivate func readByOptimizers(
    _ kinds: [OptimizerKind], or include: @escaping @Sendable (Root) -> Bool = { _ in false }
  ) -> Setting {
    read(where: { kinds.contains($0.optimizer.kind) || include($0) }) { root, value in
      (
        "none expected for the optimiser \(root.optimizer.kind.rawValue), found \(value)",
        "Leave it out, or choose another --optimizer."
      )
    }
  }

  /// The same of schedules.
  fileprivate func readBySchedules(_ include: @escaping @Sendable (ScheduleKind) -> Bool) -> Setting {
    read(where: { include($0.schedule.kind) }) { root, value in
      (
        "none expected for the schedule \(root.schedule.kind.rawValue), found \(value)",
        "Leave it out, or choose another --schedule."
      )
    }
  }
}
