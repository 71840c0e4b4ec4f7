// What a recurrent layer needs to know of its cell. A cell works on whole packed sequences: one operation forward,
// one backward, no step in Swift.

import EnsueTensor

/// A recurrent cell over whole sequences.
///
/// The initial state is always a value; `zeroState` is the default one.
public protocol RecurrentCell: Module {
  /// The names of the states, the output first: `["h"]`, or `["h", "c"]`.
  static var stateNames: [String] { get }
  var inputSize: Int { get }
  var hiddenSize: Int { get }

  /// Runs over a batch.
  /// - Parameters:
  ///   - input: [rows, inputSize]
  ///   - state: before the first step (in the direction of the run), longest sequence first.
  ///   - direction: from first to last, or from each sequence's true last step to its first.
  func callAsFunction(_ input: PackedSequence, from state: RecurrentState, direction: Direction) -> RecurrentRun
}

/// The order in which a layer reads a sequence.
public enum Direction: String, Sendable, CaseIterable {
  case forward, reverse
}

/// The states of a batch between two steps: one [batch, hidden] tensor for each state name, longest sequence first.
public struct RecurrentState: Sendable {
  public let tensors: [Tensor]

  public init(_ tensors: [Tensor]) { self.tensors = tensors }
}

/// The states after every step of every sequence.
public struct RecurrentRun: Sendable {
  /// One for each state name; the first is the output.
  public let states: [PackedSequence]
  public let direction: Direction

  public var output: PackedSequence { states[0] }

  /// The states after the last step in the direction of the run: the true ends of the sequences.
  public var finalState: RecurrentState {
    RecurrentState(states.map { direction == .forward ? $0.last() : $0.first() })
  }
}

extension RecurrentCell {
  /// All states zero.
  public func zeroState(batchSize: Int, _ elementType: ElementType) -> RecurrentState {
    RecurrentState(Self.stateNames.map { _ in .zeros([batchSize, hiddenSize], elementType) })
  }
}

/// The matrices every gated cell has: W for the input, U for the state, b. G gates of H units, one above another.
struct GateWeights: Module {
  /// [G·H, input]
  var inputWeight: Tensor
  /// [G·H, H]
  var recurrentWeight: Tensor
  /// [G·H]
  var bias: Tensor

  init(gates: Int, _ configuration: RecurrentCellConfiguration, key: RandomKey) {
    let (input, hidden) = (configuration.inputSize, configuration.hiddenSize)
    inputWeight = configuration.inputInitializer.gates(
      gates, hidden: hidden, input: input, key: key.derived("inputWeight"))
    recurrentWeight = configuration.recurrentInitializer.gates(
      gates, hidden: hidden, input: hidden, key: key.derived("recurrentWeight"))
    bias = .zeros([gates * hidden])
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.parameter("inputWeight", &inputWeight)
    visitor.parameter("recurrentWeight", &recurrentWeight)
    visitor.parameter("bias", &bias)
  }

  /// The inputs of the fused recurrence for these weights.
  func inputs(_ x: PackedSequence, _ state: RecurrentState) -> RecurrenceInputs {
    RecurrenceInputs(
      x: x.values, inputWeight: inputWeight, recurrentWeight: recurrentWeight, bias: bias,
      initialHidden: state.tensors[0])
  }
}
