// How far a training of subwords is.

/// A moment of a training.
public struct SubwordTrainingProgress: Sendable, Equatable {
  /// What is being done.
  public enum Stage: String, Sendable {
    case merging
    case estimating
  }

  public let stage: Stage
  /// Pieces there are.
  public let completed: Int
  /// Pieces there shall be; in `estimating` there are more at first.
  public let total: Int
}
