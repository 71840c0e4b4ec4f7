// A learning rate that falls in steps, as image classifiers are trained (Krizhevsky et al. 2012).

/// max(m, γ^⌊(t - 1) / k⌋): multiplied by γ after every k steps.
public struct StepDecay: Schedule {
  /// k.
  public let interval: Int
  /// γ.
  public let ratio: Double
  /// m, what is left at least.
  public let minimum: Double

  public init(interval: Int, ratio: Double, minimum: Double = 0) {
    precondition(interval > 0 && ratio > 0 && ratio <= 1, "StepDecay: interval \(interval), ratio \(ratio)")
    (self.interval, self.ratio, self.minimum) = (interval, ratio, minimum)
  }

  public func factor(at step: Int) -> Double {
    var factor = 1.0
    // After some thousand falls nothing is left, whatever the ratio makes of it.
    for _ in 0..<min((step - 1) / interval, 1 << 16) {
      factor *= ratio
      if factor <= minimum { return minimum }
    }
    return max(minimum, factor)
  }
}
