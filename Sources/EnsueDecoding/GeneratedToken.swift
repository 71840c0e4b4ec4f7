// What generation gives at every step.

/// A symbol that was generated.
public struct GeneratedToken: Sendable, Equatable {
  /// The number of the prompt that it continues.
  public let sequence: Int
  public let id: Int32
  /// Under the model as it is: before temperature, penalties and cuts.
  public let logProbability: Double
  /// The likeliest symbols there, best first: as many as `SamplingOptions.likeliestCount` asks for.
  public let likeliest: [ScoredToken]
  /// Whether it is one of the symbols that end a sequence.
  public let isEnd: Bool
}
