// A learning rate that rises along a line (Goyal et al. 2017).

/// min(1, t / τ).
public struct LinearWarmUp: Schedule {
  /// τ, above 0.
  public let steps: Double

  public init(steps: Double) {
    precondition(steps > 0, "LinearWarmUp: \(steps) steps")
    self.steps = steps
  }

  /// Adam's rule of thumb without a constant to tune, τ = 2 / (1 - β₂) (Ma and Yarats, On the adequacy of untuned warmup
  /// for adaptive optimization, 2021).
  public static func untuned(beta2: Double) -> LinearWarmUp { LinearWarmUp(steps: 2 / (1 - beta2)) }

  public func factor(at step: Int) -> Double { min(1, Double(step) / steps) }
}
