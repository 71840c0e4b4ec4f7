// Which normalisation the blocks of a Transformer have.

/// How the rows of a block are normalised.
public enum NormKind: String, Codable, CaseIterable, Sendable {
  /// By mean and variance (Ba, Kiros and Hinton 2016).
  case layer
  /// By the root of the mean square, without a shift (Zhang and Sennrich 2019).
  case rms

  public var summary: String {
    switch self {
    case .layer: "by mean and variance (Ba et al. 2016)"
    case .rms: "by the root of the mean square (Zhang and Sennrich 2019)"
    }
  }
}
