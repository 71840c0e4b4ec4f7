// The simple recurrent network (Elman 1990).

import EnsueTensor

/// h' = φ(W x + U h + b), φ = tanh or max(0, ·).
public struct ElmanCell: RecurrentCell {
  public enum Activation: Sendable { case tanh, relu }

  public static let stateNames = ["h"]
  var weights: GateWeights
  public let activation: Activation

  public init(_ configuration: RecurrentCellConfiguration, activation: Activation, key: RandomKey) {
    weights = GateWeights(gates: 1, configuration, key: key)
    self.activation = activation
  }

  public var inputSize: Int { weights.inputWeight.shape[1] }
  public var hiddenSize: Int { weights.recurrentWeight.shape[1] }

  public mutating func visit(_ visitor: inout ParameterVisitor) { weights.visit(&visitor) }

  public func callAsFunction(
    _ input: PackedSequence, from state: RecurrentState, direction: Direction
  ) -> RecurrentRun {
    let (hidden, _) = recurrence(
      activation == .tanh ? .tanh : .relu, weights.inputs(input, state), layout: input.layout,
      isReverse: direction == .reverse)
    return RecurrentRun(states: [input.replacingValues(hidden)], direction: direction)
  }
}
