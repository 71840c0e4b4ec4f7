// What hard attention gives, and the loss it is trained with (Williams, Simple statistical gradient-following algorithms
// for connectionist reinforcement learning, 1992; the learned baseline as in Mnih et al. 2014, the entropy as in Xu et
// al. 2015).

import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// One key's value for each query, and what REINFORCE needs of the draw.
public struct HardAttentionOutput: Sendable {
  /// The value of the chosen key; zeros for a query that may meet nothing.
  public let values: PackedSequence
  /// log a of the chosen key, [query rows, 1].
  public let logProbabilities: Tensor
  /// -Σ_j a_j log a_j, [query rows, 1].
  public let entropies: Tensor
  /// The reward that the query expects, [query rows, 1].
  public let baselines: Tensor
  /// The chosen step of each query row; nil for a query that may meet nothing.
  public let steps: [Int?]
  /// The probabilities, and the mean value that soft attention would give.
  public let soft: AttentionOutput
  let choice: PairChoice
  /// α of the distribution, as of α-entmax.
  let alpha: Double

  /// The mean over the queries of -(R - b) log a_s - λ H + (R - b)², the last for b alone.
  ///
  /// Its gradient in the scores is in expectation that of -mean R - λ mean H: b changes its variance only.
  /// - Parameters:
  ///   - reward: R of each query, [query rows, 1]: what the chosen value was worth. No gradient flows into it.
  ///   - entropyWeight: λ, which keeps the draw from settling too early.
  public func reinforceLoss(reward: Tensor, entropyWeight: Double = 0) -> ReinforceLoss {
    precondition(
      reward.shape == logProbabilities.shape,
      "reinforceLoss: a reward for each query, \(logProbabilities.shape), expected, found \(reward.shape)")
    let reward = reward.detached
    let advantage = reward - baselines.detached
    let policy = -(advantage * logProbabilities) - entropies * entropyWeight
    let loss = (policy + square(reward - baselines)).mean()
    let norms = scoreGradients.map { $0.reduce(0) { $0 + $1 * $1 } }
    func secondMoment(_ factors: Tensor) -> Double {
      zip(factors.doubles, norms).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } / Double(norms.count)
    }
    return ReinforceLoss(
      loss: loss, secondMoment: secondMoment(advantage), secondMomentWithoutBaseline: secondMoment(reward))
  }

  /// ∂ log a_s / ∂e of each query row, a number for each of its keys; none where nothing is chosen.
  ///
  /// It is g_s / a_s (1_s - g / Σ_j g_j) with g_j = a_j^(2 - α) where a_j > 0, else 0 (Peters et al. 2019): 1_s - a for
  /// softmax, where α is 1.
  var scoreGradients: [[Double]] {
    let weights = soft.weights.doubles
    return steps.indices.map { row in
      guard steps[row] != nil else { return [] }
      let (pairs, chosen) = (soft.layout.pairs(ofQueryRow: row), Int(choice.pairs[row]))
      let slopes = weights[pairs].map { $0 > 0 ? pow($0, 2 - alpha) : 0 }
      let (sum, slope) = (slopes.reduce(0, +), slopes[chosen - pairs.lowerBound])
      return zip(pairs, slopes).map { pair, other in
        slope / weights[chosen] * ((pair == chosen ? 1 : 0) - other / sum)
      }
    }
  }
}
