// A learning rate that falls with the root of the steps (Vaswani et al. 2017, without the model's width).

/// max(m, √(w / max(t, w))): 1 for the first w steps. With a linear warm-up of w steps, t / w · 1 before and √(w / t)
/// after.
public struct InverseSquareRootDecay: Schedule {
  /// w, the step at which it begins to fall.
  public let start: Int
  /// m, what is left at least.
  public let minimum: Double

  public init(start: Int, minimum: Double = 0) {
    precondition(start > 0, "InverseSquareRootDecay: start \(start)")
    (self.start, self.minimum) = (start, minimum)
  }

  public func factor(at step: Int) -> Double {
    max(minimum, (Double(start) / Double(max(step, start))).squareRoot())
  }
}
