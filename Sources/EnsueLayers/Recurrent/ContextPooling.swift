// Attention over states with a context vector (Yang, Yang, Dyer, He, Smola and Hovy, Hierarchical attention networks
// for document classification, 2016), and any distribution function.

import EnsueTensor

/// a = distribution(v · tanh(W h_t + b)) over the steps of each sequence; the pooled vector is Σ_t a_t h_t.
struct ContextPooling: Module {
  var projection: Linear
  /// v, [1, features]
  var context: Tensor
  /// nil for the softmax over packed rows, which needs no pairs.
  private let distribution: (any AttentionDistribution)?

  init(_ configuration: StateAttentionConfiguration, featureCount: Int, key: RandomKey) {
    projection = Linear(inputSize: featureCount, outputSize: featureCount, key: key.derived("projection"))
    context = InitializerKind.uniform.matrix(output: 1, input: featureCount, key: key.derived("context"))
    distribution =
      configuration.distribution == .softmax
      ? nil : configuration.distribution.makeDistribution(configuration.attention(featureCount: featureCount))
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("projection", &projection)
    visitor.parameter("context", &context)
  }

  /// [batch, features], longest sequence first.
  func callAsFunction(_ states: PackedSequence) -> Tensor {
    states.replacingValues(states.values * weights(of: states).values).sum()
  }

  /// The weight of each state, [rows, 1].
  func weights(of states: PackedSequence) -> PackedSequence {
    let hidden = tanh(projection(states.values))
    let scores = matmul(hidden, context, transposingRight: true)
    guard let distribution else { return states.replacingValues(scores).softmax() }
    // One query a sequence; each state is in one pair.
    let batchSize = states.layout.batchSize
    let layout = PairLayout(
      queries: PackedLayout(lengths: .init(repeating: 1, count: batchSize)), keys: states.layout)
    let queries = context.gathered(.init(repeating: 0, count: batchSize))
    let pairs = distribution(keyScores(scores, layout), layout, mask: nil, queries: queries, keys: hidden)
    var pairOfRow = [Int32](repeating: 0, count: states.layout.rowCount)
    for (pair, row) in layout.keyRows.enumerated() { pairOfRow[Int(row)] = Int32(pair) }
    return states.replacingValues(pairs.gathered(pairOfRow))
  }
}
