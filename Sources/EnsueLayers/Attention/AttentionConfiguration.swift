// What an attention needs to be told: which functions, and their sizes.

import EnsueFiles

/// An alignment function and a distribution function with their sizes.
///
/// A size that the chosen functions do not have is not looked at.
public struct AttentionConfiguration: Codable, Equatable, Sendable {
  public var score: AttentionScoreKind
  public var distribution: AttentionDistributionKind
  /// The width of queries.
  public var querySize: Int
  /// The width of keys.
  public var keySize: Int
  /// Units of the hidden layers of additive, deep and feature-based scores.
  public var hiddenSize: Int
  /// Of activated-general, additive, deep, location and feature-based scores. Location-based attention as Luong et al.
  /// (2015) have it takes the identity.
  public var activation: ActivationKind
  /// The hidden layers of deep scores.
  public var layerCount: Int
  /// The random features of the generalized kernel.
  public var featureCount: Int
  /// How many steps of the keys a location-based score knows; it does not look at later ones.
  public var positionCount: Int
  /// The width of a key's position features in feature-based scores.
  public var positionFeatureCount: Int
  /// α of entmax, one of `EntmaxDistribution.alphas`.
  public var alpha: Double

  /// - Parameters:
  ///   - keySize: nil for that of the queries.
  ///   - hiddenSize: nil for that of the keys.
  public init(
    score: AttentionScoreKind = .scaledDot, distribution: AttentionDistributionKind = .softmax, querySize: Int,
    keySize: Int? = nil, hiddenSize: Int? = nil, activation: ActivationKind = .tanh, layerCount: Int = 2,
    featureCount: Int = 256, positionCount: Int = 512, positionFeatureCount: Int = 16, alpha: Double = 1.5
  ) {
    (self.score, self.distribution, self.querySize) = (score, distribution, querySize)
    self.keySize = keySize ?? querySize
    self.hiddenSize = hiddenSize ?? self.keySize
    (self.activation, self.layerCount, self.featureCount) = (activation, layerCount, featureCount)
    (self.positionCount, self.positionFeatureCount, self.alpha) = (positionCount, positionFeatureCount, alpha)
  }

  /// Checks what came from a file or an option.
  /// - Throws: `Failure` of kind `configuration` where a size is not positive, α is none, or the widths of queries
  ///   and keys differ although the score or the distribution needs them equal.
  public func validate() throws(Failure) {
    let sizes = [
      ("query size", querySize), ("key size", keySize), ("hidden size", hiddenSize), ("layer count", layerCount),
      ("feature count", featureCount), ("position count", positionCount),
      ("position feature count", positionFeatureCount),
    ]
    for (name, size) in sizes where size < 1 {
      throw Failure(.configuration, at: "attention", "a \(name) of at least 1 expected, found \(size)")
    }
    try EntmaxDistribution.check(alpha: alpha, at: "attention")
    guard querySize != keySize else { return }
    let widths = "found \(querySize) and \(keySize)"
    if score.needsEqualWidths {
      throw Failure(
        .configuration, at: "attention", "queries and keys of equal width expected for \(score.rawValue), \(widths)",
        advice: "Choose general or additive, which take any widths.")
    }
    if distribution.needsEqualWidths {
      throw Failure(
        .configuration, at: "attention",
        "queries and keys of equal width expected for \(distribution.rawValue), \(widths)",
        advice: "Choose another distribution.")
    }
  }

  /// For what a program wrote: a mistake is the program's.
  func checked() -> AttentionConfiguration {
    do throws(Failure) { try validate() } catch { preconditionFailure("\(error)") }
    return self
  }
}
