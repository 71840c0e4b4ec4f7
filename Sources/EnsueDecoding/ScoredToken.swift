// A symbol and its probability under a model.

/// A symbol and how likely the model finds it.
public struct ScoredToken: Sendable, Equatable {
  public let id: Int32
  /// Under the model as it is: before temperature, penalties and cuts.
  public let logProbability: Double
}
