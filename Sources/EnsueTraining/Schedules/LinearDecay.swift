// A learning rate that falls along a line (Devlin et al., BERT, 2019, after its warm-up).

/// 1 - (1 - m) · min(t - 1, T) / T: the first step has the whole rate, and from step T + 1 on m is left.
public struct LinearDecay: Schedule {
  /// T.
  public let steps: Int
  /// m, what is left in the end.
  public let minimum: Double

  public init(steps: Int, minimum: Double = 0) {
    precondition(steps > 0, "LinearDecay: \(steps) steps")
    (self.steps, self.minimum) = (steps, minimum)
  }

  public func factor(at step: Int) -> Double {
    1 - (1 - minimum) * Double(min(step - 1, steps)) / Double(steps)
  }
}
