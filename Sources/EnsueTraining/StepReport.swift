// What one training step did.

/// The result of a step: printing, logging, stopping and saving are the caller's.
public struct StepReport: Sendable {
  /// Steps done, this one included.
  public let step: Int
  /// The mean loss of the step's examples, before the update.
  public let loss: Double
  /// The global norm of the gradients, before clipping by norm.
  public let gradientNorm: Double
  /// With the factor of the schedule.
  public let learningRate: Double
  public let exampleCount: Int
}
