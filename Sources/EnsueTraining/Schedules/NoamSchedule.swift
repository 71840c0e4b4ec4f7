// The schedule of the Transformer (Vaswani et al., Attention is all you need, 2017), called after Noam Shazeer.

/// width^{-1/2} · min(t^{-1/2}, t · w^{-3/2}): linear for w steps, then with the inverse square root. The learning rate
/// before it is usually 1.
public struct NoamSchedule: Schedule {
  /// The features of the model, d_model.
  public let width: Int
  /// The steps of the warm-up, w.
  public let warmUpSteps: Int

  public init(width: Int, warmUpSteps: Int) {
    precondition(width > 0 && warmUpSteps > 0, "NoamSchedule: width \(width), \(warmUpSteps) steps")
    (self.width, self.warmUpSteps) = (width, warmUpSteps)
  }

  public func factor(at step: Int) -> Double {
    let (t, w) = (Double(step), Double(warmUpSteps))
    return min(1 / t.squareRoot(), t / (w * w.squareRoot())) / Double(width).squareRoot()
  }
}
