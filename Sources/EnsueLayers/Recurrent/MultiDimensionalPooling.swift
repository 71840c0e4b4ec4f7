// A mean of states with weights for each feature (Shen et al., DiSAN: directional self-attention network, 2018).

import EnsueTensor

/// r_f = Σ_t a_tf h_tf: the weights of each feature f are a distribution over the steps of its own.
struct MultiDimensionalPooling: StateReading {
  var query: LearnedQuery
  var attention: MultiDimensionalAttention

  /// - Parameter configuration: `keySize` is the width of the states; its score is not looked at.
  init(_ configuration: AttentionConfiguration, key: RandomKey) {
    query = LearnedQuery(size: configuration.querySize, key: key.derived("query"))
    attention = MultiDimensionalAttention(configuration, valueSize: configuration.keySize, key: key)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    query.visit(&visitor)
    attention.visit(&visitor)
  }

  func read(_ states: PackedSequence, _ phase: Phase) -> PooledStates {
    PooledStates(vectors: output(states).values.values.gathered(states.layout.order.map(Int32.init)))
  }

  /// The mean over the features.
  func shownWeights(of states: PackedSequence) -> [[Double]] {
    let found = output(states)
    let (pairs, features) = (found.weights.shape[0], found.weights.shape[1])
    let means = (found.weights.sum(axis: -1) / Double(features)).reshaped([pairs, 1])
    return AttentionOutput(values: found.values.values, weights: means, layout: found.layout).firstRows
  }

  private func output(_ states: PackedSequence) -> MultiDimensionalOutput {
    attention(queries: query.asked(of: states.layout), keys: states, values: states)
  }
}
