// A learning rate that rises fast at first and slowly in the end (Ma and Yarats 2021).

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// 1 - exp(-t / τ).
public struct ExponentialWarmUp: Schedule {
  /// τ, above 0.
  public let steps: Double

  public init(steps: Double) {
    precondition(steps > 0, "ExponentialWarmUp: \(steps) steps")
    self.steps = steps
  }

  /// Adam's rule of thumb without a constant to tune, τ = 1 / (1 - β₂) (Ma and Yarats, On the adequacy of untuned warmup
  /// for adaptive optimization, 2021).
  public static func untuned(beta2: Double) -> ExponentialWarmUp { ExponentialWarmUp(steps: 1 / (1 - beta2)) }

  public func factor(at step: Int) -> Double { -expm1(-Double(step) / steps) }
}
