// A stack of recurrent layers that takes one step after another, as a model does that reads what it has just written.

import EnsueTensor

/// Recurrent layers between two steps: their states, and all that a step needs, laid out once.
///
/// A step gives bit for bit what the stack gives at that step of whole sequences. A value: copies share memory until
/// one of them takes a step. The weights are those the stack had when the stepper was made.
public struct RecurrentStepper: Sendable {
  public let batchSize: Int
  private let connection: ConnectionKind
  private let outputIndexes: [Int]
  private var layers: Layers

  /// Shared by copies until one of them changes.
  private final class Layers: Sendable {
    let steps: [RecurrenceStep]
    init(_ steps: [RecurrenceStep]) { self.steps = steps }
  }

  /// Begins at the cells' initial states.
  /// - Precondition: the stack reads in one direction.
  public init(_ stack: RecurrentStack, batchSize: Int) {
    precondition(!stack.configuration.isBidirectional, "a stack that reads backwards too cannot go step by step")
    let cells = stack.layers.map(\.forward)
    (self.batchSize, connection) = (batchSize, stack.configuration.connection)
    (outputIndexes, layers) = (cells.map(\.outputIndex), Layers(cells.map { $0.makeStep(batchSize: batchSize) }))
  }

  private init(_ other: RecurrentStepper, batchSize: Int, _ layers: Layers) {
    (self.batchSize, connection) = (batchSize, other.connection)
    (outputIndexes, self.layers) = (other.outputIndexes, layers)
  }

  /// For each layer and its one direction, as `RecurrentEncoding.finalStates` gives them, in the order of the rows.
  public var states: [[RecurrentState]] {
    get { layers.steps.map { [RecurrentState($0.states)] } }
    set {
      makeUnique()
      for (step, state) in zip(layers.steps, newValue) { step.states = state[0].tensors }
    }
  }

  /// The sequences of these numbers, in this order; one may be there several times.
  public func selecting(_ sequences: [Int]) -> RecurrentStepper {
    precondition(
      !sequences.isEmpty && sequences.allSatisfy((0..<batchSize).contains), "\(sequences) of \(batchSize) sequences")
    return RecurrentStepper(
      self, batchSize: sequences.count, Layers(layers.steps.map { $0.selecting(sequences) }))
  }

  /// Takes a step.
  /// - Parameter x: [batch, input]
  /// - Returns: [batch, output]
  public mutating func step(_ x: Tensor) -> Tensor {
    makeUnique()
    var (below, outputs) = (x, [Tensor]())
    for (index, layer) in layers.steps.enumerated() {
      if connection == .skip && index > 0 { below = concatenated([x, below]) }
      let output = layer.take(below, result: outputIndexes[index])
      below = connection == .residual && below.shape == output.shape ? output + below : output
      if connection == .skip { outputs.append(below) }
    }
    return outputs.count > 1 ? concatenated(outputs) : below
  }

  private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&layers) { layers = Layers(layers.steps.map { $0.copy() }) }
  }
}
