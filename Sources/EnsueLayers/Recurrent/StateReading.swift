// Ways to read the states of each sequence into one vector by attention.

import EnsueTensor

/// Attention over the states of each sequence that gives one vector.
protocol StateReading: Module {
  /// What is drawn, if anything is, is drawn in training alone.
  func read(_ states: PackedSequence, _ phase: Phase) -> PooledStates

  /// The weights in inference, to look at: of each sequence in the caller's order, one for each step.
  func shownWeights(of states: PackedSequence) -> [[Double]]
}

/// One vector a sequence, and the draw that chose it.
public struct PooledStates: Sendable {
  /// [batch, features], longest sequence first, as `PackedSequence.mean()` and its like have them.
  public let vectors: Tensor
  /// Of hard attention in training, one query a sequence in the caller's order; nil where nothing is drawn.
  public let draw: HardAttentionOutput?

  init(vectors: Tensor, draw: HardAttentionOutput? = nil) { (self.vectors, self.draw) = (vectors, draw) }
}

/// One query that is a parameter, asked of every sequence.
struct LearnedQuery: Module {
  /// [1, width]
  var query: Tensor

  init(size: Int, key: RandomKey) { query = newMatrix(output: 1, input: size, key: key) }

  mutating func visit(_ visitor: inout ParameterVisitor) { visitor.parameter("query", &query) }

  /// A row for each sequence, in the caller's order: all have one.
  func asked(of states: PackedLayout) -> PackedSequence {
    let ids = [Int32](repeating: 0, count: states.batchSize)
    return PackedSequence(
      layout: PackedLayout(lengths: .init(repeating: 1, count: states.batchSize)), values: query.gathered(ids))
  }
}

extension ContextPooling: StateReading {
  func read(_ states: PackedSequence, _ phase: Phase) -> PooledStates { PooledStates(vectors: self(states)) }

  func shownWeights(of states: PackedSequence) -> [[Double]] {
    let (all, layout) = (weights(of: states).values.doubles, states.layout)
    return layout.positions.map { position in
      (0..<layout.lengths[Int(position)]).map { all[layout.row(step: $0, position: Int(position))] }
    }
  }
}

extension AttentionPooling: StateReading {
  func read(_ states: PackedSequence, _ phase: Phase) -> PooledStates { PooledStates(vectors: self(states).vectors) }

  func shownWeights(of states: PackedSequence) -> [[Double]] { self(states).attention.firstRows }
}

extension AttentionOutput {
  /// The weights of the first query of each sequence, in the caller's order.
  var firstRows: [[Double]] { (0..<layout.queries.batchSize).map { alignment(of: $0)[0] } }
}
