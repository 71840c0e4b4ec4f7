// α-entmax (Peters, Niculae and Martins, Sparse sequence-to-sequence models, 2019).

import EnsueFiles
import EnsueTensor

extension AttentionFunctionCard {
  public static let entmax = AttentionFunctionCard(
    title: "α-entmax", equation: "max(0, (α - 1) e_j - τ)^(1/(α - 1)), τ such that the sum is 1",
    summary: "between softmax (α = 1) and sparsemax (α = 2); α is 1.5 where nothing is said",
    paper: "Peters et al. 2019")
}

/// a_j = max(0, (α - 1) e_j - τ)^{1/(α - 1)}, τ such that the sum is 1.
///
/// α = 1, 1.5 and 2 are exact: softmax needs no τ, and of the others sorting finds the keys with a weight, for which τ
/// solves a quadratic or a linear equation. Any other α has no such closed form; its τ is found by bisection.
public struct EntmaxDistribution: AttentionDistribution {
  /// Every α that there can be.
  public static let alphas: ClosedRange<Double> = 1...64

  public let alpha: Double

  /// - Parameter alpha: one of `alphas`; 1 is softmax, 2 is sparsemax.
  public init(alpha: Double = 1.5) {
    precondition(Self.alphas.contains(alpha), "entmax: alpha is in \(Self.alphas), not \(alpha)")
    self.alpha = alpha
  }

  /// Refuses an α that is none.
  /// - Parameter place: what the message names.
  /// - Throws: `Failure` of kind `configuration`.
  package static func check(alpha: Double, at place: String) throws(Failure) {
    guard alphas.contains(alpha) else {
      let ends = "\(Int(alphas.lowerBound)) to \(Int(alphas.upperBound))"
      throw Failure(.configuration, at: place, "an alpha from \(ends) expected, found \(alpha)")
    }
  }

  public func callAsFunction(
    _ scores: Tensor, _ layout: PairLayout, mask: PairMask?, queries: Tensor, keys: Tensor
  ) -> Tensor {
    pairEntmax(scores, alpha: alpha, layout, mask: mask)
  }
}
