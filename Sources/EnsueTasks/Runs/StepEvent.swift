// A training step as the caller of a run sees it.

import EnsueTraining

/// A training step and where it stands.
public struct StepEvent: Sendable {
  public let report: StepReport
  /// From 1.
  public let epoch: Int
  /// Batches of the epoch done.
  public let batch: Int
  public let batchCount: Int
  /// Tokens of the epoch done, and the training time they took.
  public let tokenCount: Int
  public let epochSeconds: Double
}
