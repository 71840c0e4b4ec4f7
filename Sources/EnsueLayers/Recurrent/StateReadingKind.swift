// How attention over states reads them, by name.

/// From the weights of attention over states to one vector.
public enum StateReadingKind: String, Codable, CaseIterable, Sendable {
  case soft
  case hard
  case multiDimensional = "multi-dimensional"

  public var summary: String {
    switch self {
    case .soft: "the weighted mean of the states"
    case .hard: "one state, drawn with the weights in training, the likeliest in use (Xu et al. 2015)"
    case .multiDimensional: "a mean with weights of its own for each feature (Shen et al. 2018)"
    }
  }

  /// Whether a state has one score, whose function can be chosen.
  public var hasScore: Bool {
    switch self {
    case .soft, .hard: true
    case .multiDimensional: false
    }
  }

  /// Whether a distribution can make its weights.
  public func takes(_ distribution: AttentionDistributionKind) -> Bool {
    switch self {
    case .soft, .multiDimensional: true
    case .hard: distribution.givesProbabilities
    }
  }
}
