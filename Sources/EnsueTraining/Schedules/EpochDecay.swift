// A learning rate that falls with the epochs, after some at its whole height (Zaremba, Sutskever and Vinyals, Recurrent
// neural network regularization, 2014).

/// max(m, γ^max(0, e - h + 1)), e = ⌊(t - 1) / k⌋ counting epochs of k steps from 0: the first h epochs have the whole
/// rate.
public struct EpochDecay: Schedule {
  /// k.
  public let stepsPerEpoch: Int
  /// h.
  public let holdEpochs: Int
  /// γ.
  public let ratio: Double
  /// m, what is left at least.
  public let minimum: Double

  public init(stepsPerEpoch: Int, holdEpochs: Int, ratio: Double, minimum: Double = 0) {
    precondition(
      stepsPerEpoch > 0 && holdEpochs >= 1 && ratio > 0 && ratio <= 1,
      "EpochDecay: \(stepsPerEpoch) steps, \(holdEpochs) epochs, ratio \(ratio)")
    (self.stepsPerEpoch, self.holdEpochs, self.ratio, self.minimum) = (stepsPerEpoch, holdEpochs, ratio, minimum)
  }

  public func factor(at step: Int) -> Double {
    let decay = StepDecay(interval: stepsPerEpoch, ratio: ratio, minimum: minimum)
    return decay.factor(at: max(1, step - (holdEpochs - 1) * stepsPerEpoch))
  }
}
