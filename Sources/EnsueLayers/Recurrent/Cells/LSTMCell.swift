// Long short-term memory (Hochreiter and Schmidhuber 1997) with the forget gate of Gers, Schmidhuber and
// Cummins (2000).

import EnsueTensor

/// i, f, o = σ(W x + U h + b), g = tanh(W_g x + U_g h + b_g), c' = f ⊙ c + i ⊙ g, h' = o ⊙ tanh(c').
///
/// The gates stand in the order i, f, g, o in every weight. The forget gate's bias begins at 1 unless told otherwise,
/// so that a new cell remembers (Jozefowicz et al. 2015).
public struct LSTMCell: RecurrentCell {
  public static let stateNames = ["h", "c"]
  var weights: GateWeights

  public init(_ configuration: RecurrentCellConfiguration, key: RandomKey) {
    weights = GateWeights(gates: 4, configuration, key: key)
    let hidden = configuration.hiddenSize
    weights.bias = Tensor(
      (0..<4 * hidden).map { (hidden..<2 * hidden).contains($0) ? Float(configuration.forgetBias) : 0 },
      shape: [4 * hidden])
  }

  public var inputSize: Int { weights.inputWeight.shape[1] }
  public var hiddenSize: Int { weights.recurrentWeight.shape[1] }

  public mutating func visit(_ visitor: inout ParameterVisitor) { weights.visit(&visitor) }

  public func callAsFunction(
    _ input: PackedSequence, from state: RecurrentState, direction: Direction
  ) -> RecurrentRun {
    var inputs = weights.inputs(input, state)
    inputs.initialCell = state.tensors[1]
    let (hidden, cell) = recurrence(.lstm, inputs, layout: input.layout, isReverse: direction == .reverse)
    let states = [hidden, cell].compactMap { $0 }.map(input.replacingValues)
    return RecurrentRun(states: states, direction: direction)
  }
}
