// What an attention gives.

import EnsueTensor

/// The mean of the values for every query, and the weights it was made with.
public struct AttentionOutput: Sendable {
  /// [query rows, value width]
  public let values: Tensor
  /// [pairs, 1], in the order of `layout`.
  public let weights: Tensor
  public let layout: PairLayout

  public init(values: Tensor, weights: Tensor, layout: PairLayout) {
    (self.values, self.weights, self.layout) = (values, weights, layout)
  }

  /// The values as a batch with the layout of the queries.
  public var sequence: PackedSequence { PackedSequence(layout: layout.queries, values: values) }

  /// The weights of one sequence, to look at: a row for each query step, a column for each key step.
  /// - Parameter index: in the caller's order.
  public func alignment(of index: Int) -> [[Double]] {
    precondition((0..<layout.queries.batchSize).contains(index), "alignment: there is no sequence \(index)")
    let position = Int(layout.queries.positions[index])
    let all = weights.doubles
    return (0..<layout.queries.lengths[position]).map { step in
      let row = layout.queries.row(step: step, position: position)
      return Array(all[layout.pairs(ofQueryRow: row)])
    }
  }
}
