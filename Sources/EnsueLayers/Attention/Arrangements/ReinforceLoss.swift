// A loss of REINFORCE (Williams, Simple statistical gradient-following algorithms for connectionist reinforcement
// learning, 1992).

import EnsueTensor

/// A loss of REINFORCE, and how noisy its gradient is.
public struct ReinforceLoss: Sendable {
  /// One number, to be differentiated.
  public let loss: Tensor
  /// The mean over the queries of ‖(R - b) (1_s - a)‖²: the square of the estimated gradient in a query's scores. Its
  /// expectation is the estimator's variance and the square of the exact gradient, of which a baseline changes the
  /// variance alone: the difference to `secondMomentWithoutBaseline` is what the baseline takes from the variance.
  public let secondMoment: Double
  /// The same for b = 0.
  public let secondMomentWithoutBaseline: Double
}
