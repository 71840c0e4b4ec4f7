// The distribution functions by name.

import EnsueTensor

/// A distribution function of the literature. Each stands in a file of its own beside this one.
public enum AttentionDistributionKind: String, Codable, CaseIterable, Sendable {
  case softmax
  case sigmoid
  case sparsemax
  case entmax
  case coda

  public var card: AttentionFunctionCard {
    switch self {
    case .softmax: .softmax
    case .sigmoid: .sigmoid
    case .sparsemax: .sparsemax
    case .entmax: .entmax
    case .coda: .coda
    }
  }

  public var title: String { card.title }
  public var equation: String { card.equation }
  public var summary: String { "\(card.summary) (\(card.paper))" }

  /// Whether queries must be as wide as keys.
  public var needsEqualWidths: Bool {
    switch self {
    case .softmax, .sigmoid, .sparsemax, .entmax: false
    case .coda: true
    }
  }

  /// Whether a query's weights are probabilities: none negative, their sum 1.
  public var givesProbabilities: Bool {
    switch self {
    case .softmax, .sparsemax, .entmax: true
    case .sigmoid, .coda: false
    }
  }

  /// A new distribution function.
  public func makeDistribution(_ configuration: AttentionConfiguration) -> any AttentionDistribution {
    switch self {
    case .softmax: SoftmaxDistribution()
    case .sigmoid: SigmoidDistribution()
    case .sparsemax: SparsemaxDistribution()
    case .entmax: EntmaxDistribution(alpha: configuration.alpha)
    case .coda: CoDADistribution()
    }
  }
}
