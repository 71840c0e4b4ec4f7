// The gated recurrent unit with the reset gate after the product, as in cuDNN and PyTorch.

import EnsueTensor

/// r, z = σ(W x + U h + b), h̃ = tanh(W_h x + b_h + r ⊙ (U_h h + b_u)), h' = z ⊙ h + (1 - z) ⊙ h̃.
///
/// The gates stand in the order r, z, h̃ in every weight; b_u is `candidateRecurrentBias`.
public struct GRUResetAfterCell: RecurrentCell {
  public static let stateNames = ["h"]
  var weights: GateWeights
  /// [H]
  public var candidateRecurrentBias: Tensor

  public init(_ configuration: RecurrentCellConfiguration, key: RandomKey) {
    weights = GateWeights(gates: 3, configuration, key: key)
    candidateRecurrentBias = .zeros([configuration.hiddenSize])
  }

  public var inputSize: Int { weights.inputWeight.shape[1] }
  public var hiddenSize: Int { weights.recurrentWeight.shape[1] }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    weights.visit(&visitor)
    visitor.parameter("candidateRecurrentBias", &candidateRecurrentBias)
  }

  public func callAsFunction(
    _ input: PackedSequence, from state: RecurrentState, direction: Direction
  ) -> RecurrentRun {
    var inputs = weights.inputs(input, state)
    inputs.candidateBias = candidateRecurrentBias
    let (hidden, _) = recurrence(.gruResetAfter, inputs, layout: input.layout, isReverse: direction == .reverse)
    return RecurrentRun(states: [input.replacingValues(hidden)], direction: direction)
  }
}
