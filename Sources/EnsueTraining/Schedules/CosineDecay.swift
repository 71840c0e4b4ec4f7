// A learning rate that falls along half a wave of the cosine (Loshchilov and Hutter, SGDR, 2017, without restarts).

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// m + (1 - m) · (1 + cos(π · min(t - 1, T) / T)) / 2: the first step has the whole rate, and from step T + 1 on m is
/// left.
public struct CosineDecay: Schedule {
  /// T.
  public let steps: Int
  /// m, what is left in the end.
  public let minimum: Double

  public init(steps: Int, minimum: Double = 0) {
    precondition(steps > 0, "CosineDecay: \(steps) steps")
    (self.steps, self.minimum) = (steps, minimum)
  }

  public func factor(at step: Int) -> Double {
    let share = Double(min(step - 1, steps)) / Double(steps)
    return minimum + (1 - minimum) * (1 + cos(Double.pi * share)) / 2
  }
}
