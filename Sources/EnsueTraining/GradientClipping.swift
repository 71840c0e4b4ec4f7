// Bounds on gradients.

import EnsueLayers

/// How gradients are bounded before an update; nil is no bound.
public struct GradientClipping: Sendable, Equatable {
  /// The largest global norm: gradients are multiplied by min(1, limit / (norm + 10⁻⁶)) (Pascanu et al. 2013).
  public var norm: Double?
  /// The largest |g| of every single number, applied before the norm. NaN and ±∞ stay, and the norm shows them.
  public var value: Double?

  public init(norm: Double? = nil, value: Double? = nil) {
    self.norm = norm
    self.value = value
  }

  /// - Returns: the gradients after clipping by value, the norm of these, and the factor that clips the norm.
  func applied(to gradients: Gradients) -> (gradients: Gradients, norm: Double, scale: Double) {
    let bounded = value.map(gradients.clipped(toValue:)) ?? gradients
    let found = bounded.globalNorm
    return (bounded, found, norm.map { min(1, $0 / (found + 1e-6)) } ?? 1)
  }
}
