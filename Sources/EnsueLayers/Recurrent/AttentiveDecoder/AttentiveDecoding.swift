// What an attentive decoder makes of a batch.

import EnsueTensor

/// All steps of a batch.
public struct AttentiveDecoding: Sendable {
  /// h_t of the top layer, or h̃_t: [rows, hidden].
  public let output: PackedSequence
  /// c_t: [rows, key width].
  public let contexts: PackedSequence
  /// The weight of each pair of a step and a source step, [pairs, 1], in the order of `layout`.
  public let weights: Tensor
  public let layout: PairLayout
  /// For each layer its states after every step, in the order of the formula.
  public let states: [[PackedSequence]]

  /// For each layer and its one direction, at the true ends of the sequences, longest first.
  public var finalStates: [[RecurrentState]] { states.map { [RecurrentState($0.map { $0.last() })] } }

  /// The weights of one sequence: a row for each step, a column for each source step.
  /// - Parameter index: in the caller's order.
  public func alignment(of index: Int) -> [[Double]] {
    AttentionOutput(values: contexts.values, weights: weights, layout: layout).alignment(of: index)
  }
}
