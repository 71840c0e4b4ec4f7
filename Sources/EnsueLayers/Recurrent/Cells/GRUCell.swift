// The gated recurrent unit (Cho et al. 2014).

import EnsueTensor

/// r, z = σ(W x + U h + b), h̃ = tanh(W_h x + U_h (r ⊙ h) + b_h), h' = z ⊙ h + (1 - z) ⊙ h̃.
///
/// The gates stand in the order r, z, h̃ in every weight.
public struct GRUCell: RecurrentCell {
  public static let stateNames = ["h"]
  var weights: GateWeights

  public init(_ configuration: RecurrentCellConfiguration, key: RandomKey) {
    weights = GateWeights(gates: 3, configuration, key: key)
  }

  public var inputSize: Int { weights.inputWeight.shape[1] }
  public var hiddenSize: Int { weights.recurrentWeight.shape[1] }

  public mutating func visit(_ visitor: inout ParameterVisitor) { weights.visit(&visitor) }

  public func callAsFunction(
    _ input: PackedSequence, from state: RecurrentState, direction: Direction
  ) -> RecurrentRun {
    let (hidden, _) = recurrence(
      .gru, weights.inputs(input, state), layout: input.layout, isReverse: direction == .reverse)
    return RecurrentRun(states: [input.replacingValues(hidden)], direction: direction)
  }
}
