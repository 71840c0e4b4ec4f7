// What a draw gives.

/// A drawn symbol.
public struct DrawnToken: Sendable, Equatable {
  public let id: Int32
  /// Under the model as it is: before temperature, penalties and cuts.
  public let logProbability: Double
  /// The likeliest symbols, best first: as many as `SamplingOptions.likeliestCount` asks for.
  public let likeliest: [ScoredToken]
}
