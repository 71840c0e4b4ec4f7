// A loss of REINFORCE (Williams, Simple statistical gradient-following algorithms for connectionist reinforcement
// learning, 1992), and the variance of its gradient.

import EnsueTensor

/// A loss of REINFORCE, and how large its gradient is.
public struct ReinforceLoss: Sendable {
  /// One number, to be differentiated.
  public let loss: Tensor
  /// The mean over the queries of ‖g‖² with g = (R - b) ∂ log a_s / ∂e, the estimated gradient in a query's scores: no
  /// variance, for one draw does not tell the mean of g (`ReinforceVariance`).
  public let secondMoment: Double
  /// The same for b = 0.
  public let secondMomentWithoutBaseline: Double
}

/// How much the gradient of REINFORCE in the scores differs from draw to draw.
public struct ReinforceVariance: Sendable {
  /// The mean over the queries of E‖g - E g‖² with g = (R - b) ∂ log a_s / ∂e, without bias: the sum of squared
  /// distances from the mean of n draws, divided by n - 1.
  public let variance: Double
  /// The same for b = 0.
  public let varianceWithoutBaseline: Double

  /// - Parameter draws: two or more for the same queries and keys, each with a key of its own and with its rewards R,
  ///   [query rows, 1].
  public init(_ draws: [(output: HardAttentionOutput, reward: Tensor)]) {
    precondition(
      draws.count >= 2 && draws.allSatisfy { $0.output.steps.count == draws[0].output.steps.count },
      "ReinforceVariance: two draws or more for the same queries expected, found \(draws.count)")
    let gradients = draws.map { $0.output.scoreGradients }
    let rows = draws[0].output.steps.indices
    func mean(_ advantages: [[Double]]) -> Double {
      let squares = rows.reduce(0.0) { sum, row in
        let samples = draws.indices.map { draw in gradients[draw][row].map { $0 * advantages[draw][row] } }
        return sum + ReinforceVariance.squares(of: samples)
      }
      return squares / Double(draws.count - 1) / Double(max(1, rows.count))
    }
    variance = mean(draws.map { ($0.reward - $0.output.baselines.detached).doubles })
    varianceWithoutBaseline = mean(draws.map { $0.reward.doubles })
  }

  /// Σ ‖x - mean‖² of some vectors.
  private static func squares(of samples: [[Double]]) -> Double {
    samples[0].indices.reduce(0.0) { sum, place in
      let numbers = samples.map { $0[place] }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      return sum + numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
  }
}
