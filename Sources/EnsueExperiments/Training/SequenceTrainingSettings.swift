// How a model is trained on a sequence task.

import EnsueTraining

/// The settings of `SequenceTrainer`.
public struct SequenceTrainingSettings: Sendable {
  public var optimizer = OptimizerConfiguration()
  public var schedule = ScheduleConfiguration()
  /// The largest gradient norm; nil for no clipping.
  public var clipping: Double? = 1
  public var batchSize = 32
  public var stepLimit = 1000
  /// Steps between validations.
  public var validationInterval = 50
  /// How many validation examples, where the task has as many.
  public var validationCount = 256
  /// How many training examples, over and over; nil for all, or for ever new ones where there is no end of them.
  public var trainingCount: Int?
  /// How far a number may be from the right one to count as right.
  public var tolerance = 0.04
  /// The share of right answers at which the task is solved and training stops; nil to go on to the last step.
  public var goal: Double?
  /// Validations without a better loss after which training stops; nil to go on to the last step.
  public var patience: Int?

  public init() {}
}
