// The alignment functions by name.

import EnsueTensor

/// An alignment function of the literature. Each stands in a file of its own beside this one.
public enum AttentionScoreKind: String, Codable, CaseIterable, Sendable {
  case cosine
  case dot
  case scaledDot = "scaled-dot"
  case general
  case biasedGeneral = "biased-general"
  case activatedGeneral = "activated-general"
  case generalizedKernel = "generalized-kernel"
  case additive
  case deep
  case location
  case featureBased = "feature-based"

  public var card: AttentionFunctionCard {
    switch self {
    case .cosine: .cosine
    case .dot: .dot
    case .scaledDot: .scaledDot
    case .general: .general
    case .biasedGeneral: .biasedGeneral
    case .activatedGeneral: .activatedGeneral
    case .generalizedKernel: .generalizedKernel
    case .additive: .additive
    case .deep: .deep
    case .location: .location
    case .featureBased: .featureBased
    }
  }

  public var title: String { card.title }
  public var equation: String { card.equation }
  public var summary: String { "\(card.summary) (\(card.paper))" }

  /// Whether queries must be as wide as keys.
  public var needsEqualWidths: Bool {
    switch self {
    case .cosine, .dot, .scaledDot, .generalizedKernel: true
    case .general, .biasedGeneral, .activatedGeneral, .additive, .deep, .location, .featureBased: false
    }
  }

  /// Whether it has a layer of hidden units, whose number is chosen.
  public var hasHiddenUnits: Bool {
    switch self {
    case .additive, .deep, .featureBased: true
    case .cosine, .dot, .scaledDot, .general, .biasedGeneral, .activatedGeneral, .generalizedKernel, .location: false
    }
  }

  /// A new alignment function.
  public func makeScore(_ configuration: AttentionConfiguration, key: RandomKey) -> any AttentionScore {
    let c = configuration
    return switch self {
    case .cosine: CosineScore()
    case .dot: DotScore()
    case .scaledDot: ScaledDotScore()
    case .general: GeneralScore(querySize: c.querySize, keySize: c.keySize, key: key)
    case .biasedGeneral: BiasedGeneralScore(querySize: c.querySize, keySize: c.keySize, key: key)
    case .activatedGeneral:
      ActivatedGeneralScore(querySize: c.querySize, keySize: c.keySize, activation: c.activation, key: key)
    case .generalizedKernel: GeneralizedKernelScore(size: c.querySize, featureCount: c.featureCount, key: key)
    case .additive:
      AdditiveScore(
        querySize: c.querySize, keySize: c.keySize, hiddenSize: c.hiddenSize, activation: c.activation, key: key)
    case .deep:
      DeepScore(
        querySize: c.querySize, keySize: c.keySize, hiddenSize: c.hiddenSize, layerCount: c.layerCount,
        activation: c.activation, key: key)
    case .location:
      LocationScore(querySize: c.querySize, positionCount: c.positionCount, activation: c.activation, key: key)
    case .featureBased:
      FeatureBasedScore(
        keySize: c.keySize, positionFeatureCount: c.positionFeatureCount, hiddenSize: c.hiddenSize,
        activation: c.activation, key: key)
    }
  }
}
