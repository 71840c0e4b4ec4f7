// Hard attention over states (Xu et al., Show, attend and tell: neural image caption generation with visual attention,
// 2015).

import EnsueTensor

/// One state of each sequence: drawn in training with the weights a as probabilities, in inference the likeliest.
struct HardPooling: StateReading {
  var query: LearnedQuery
  var hard: HardAttention

  /// - Parameter configuration: its distribution gives probabilities; `keySize` is the width of the states.
  init(_ configuration: AttentionConfiguration, key: RandomKey) {
    query = LearnedQuery(size: configuration.querySize, key: key.derived("query"))
    hard = HardAttention(configuration, key: key)
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    query.visit(&visitor)
    hard.visit(&visitor)
  }

  func read(_ states: PackedSequence, _ phase: Phase) -> PooledStates {
    let output = output(states, phase)
    return PooledStates(
      vectors: output.values.values.gathered(states.layout.order.map(Int32.init)),
      draw: phase.isTraining ? output : nil)
  }

  /// The probabilities of the states.
  func shownWeights(of states: PackedSequence) -> [[Double]] { output(states, .inference).soft.firstRows }

  private func output(_ states: PackedSequence, _ phase: Phase) -> HardAttentionOutput {
    hard(queries: query.asked(of: states.layout), keys: states, values: states, phase)
  }
}
