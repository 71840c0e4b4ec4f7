// The generalized kernel as a score of pairs (Choromanski et al., Rethinking attention with Performers, 2021). In linear
// time, without pairs, it is PerformerAttention.

import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension AttentionFunctionCard {
  public static let generalizedKernel = AttentionFunctionCard(
    title: "generalized kernel", equation: "log φ(q)ᵀφ(k)",
    summary: "the kernel of positive orthogonal random features, of which softmax makes φ(q)ᵀφ(k) / Σ_j φ(q)ᵀφ(k_j)",
    paper: "Choromanski et al. 2021")
}

/// log φ(q)ᵀφ(k), φ the positive random features of the softmax kernel: softmax of it is Performer's attention, and with
/// many features the score is qᵀk / √d_k. Queries and keys of equal width.
///
/// The kernel φ(q)ᵀφ(k) itself is `exp` of the score.
public struct GeneralizedKernelScore: AttentionScore {
  public var features: OrthogonalRandomFeatures

  /// - Parameter featureCount: m; more are nearer to the scaled dot product.
  public init(size: Int, featureCount: Int = 256, key: RandomKey) {
    features = OrthogonalRandomFeatures(size: size, featureCount: featureCount, key: key.derived("features"))
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("features", &features)
  }

  /// The exponents of the keys' features.
  public func prepared(_ keys: Tensor, _ layout: PackedLayout) -> Tensor { features.exponents(keys) }

  public func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    let (left, right) = (features.exponents(queries), prepared)
    let (leftLargest, rightLargest) = (largest(left), largest(right))
    // The small number is below any sum but one that has run out of the numbers' range.
    let sums = pairDots(exp(left - leftLargest), exp(right - rightLargest), layout) + 1e-36
    return log(sums) + pairSums(leftLargest - log(Double(features.featureCount)), rightLargest, layout)
  }

  /// The largest exponent of each row. It is taken out and put back, so that its derivative is nought.
  func largest(_ exponents: Tensor) -> Tensor {
    exponents.detached.maximum(axis: -1).reshaped([exponents.shape[0], 1])
  }
}
