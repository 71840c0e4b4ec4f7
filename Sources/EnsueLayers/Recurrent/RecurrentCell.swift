// A recurrent cell over whole packed sequences: a formula with its weights. One operation forward, one backward, no
// step in Swift; which instructions run is planned once from the formula.

import EnsueFiles
import EnsueTensor

/// What a new cell needs to be told beside its formula.
public struct RecurrentCellConfiguration: Sendable {
  public var inputSize: Int
  public var hiddenSize: Int
  public var inputInitializer: InitializerKind
  public var recurrentInitializer: InitializerKind
  public var regularization: RecurrentRegularization
  /// Whether the state before the first step is learned; zero otherwise.
  public var learnsInitialState: Bool

  public init(
    inputSize: Int, hiddenSize: Int, inputInitializer: InitializerKind = .glorot,
    recurrentInitializer: InitializerKind = .orthogonal, regularization: RecurrentRegularization = .init(),
    learnsInitialState: Bool = false
  ) {
    (self.inputSize, self.hiddenSize) = (inputSize, hiddenSize)
    (self.inputInitializer, self.recurrentInitializer) = (inputInitializer, recurrentInitializer)
    (self.regularization, self.learnsInitialState) = (regularization, learnsInitialState)
  }
}

/// Randomness within the recurrence while training.
public struct RecurrentRegularization: Sendable, Equatable {
  /// Variational dropout of the states that matrices are applied to: one mask a sequence (Gal and Ghahramani 2016).
  /// `CellFormula.droppingRecurrence` says of which cells it drops nothing.
  public var dropout: Double
  /// The probability that a unit of a state keeps its value at a step (zoneout, Krueger et al. 2016).
  public var zoneout: Double
  /// The same of the states that are not the output, the memory cells; nil for `zoneout`.
  public var memoryZoneout: Double?

  public init(dropout: Double = 0, zoneout: Double = 0, memoryZoneout: Double? = nil) {
    let rates = [dropout, zoneout, memoryZoneout ?? 0]
    precondition(rates.allSatisfy((0..<1).contains), "rates lie in 0 ..< 1")
    (self.dropout, self.zoneout, self.memoryZoneout) = (dropout, zoneout, memoryZoneout)
  }

  /// Whether any state may keep its values.
  var zonesOut: Bool { zoneout > 0 || (memoryZoneout ?? 0) > 0 }

  /// Whether nothing within the recurrence is random.
  var drawsNothing: Bool { dropout == 0 && !zonesOut }

  /// The probability for a state of a cell.
  func zoneout(of state: String, in formula: CellFormula) -> Double {
    FormulaNames.primed(state) == formula.output ? zoneout : memoryZoneout ?? zoneout
  }
}

/// A recurrent cell: the equations of `formula` with learned weights named as there.
public struct RecurrentCell: Module {
  public let formula: CellFormula
  public let inputSize: Int
  public let hiddenSize: Int
  public let regularization: RecurrentRegularization
  /// The values of a step that a run gives beside the states.
  public let exposed: [String]
  /// The states that are given at every step, in place of those of the step before.
  public let forced: [String]

  fileprivate let plan: CellPlan
  private var matrices: [Tensor]
  private var vectors: [Tensor]
  /// [H] for each state; empty where the state begins at zero.
  private var initial: [Tensor]
  private var packed: PackedProgram?

  public init(_ formula: CellFormula, _ configuration: RecurrentCellConfiguration, key: RandomKey) {
    self.init(formula, configuration, plan: nil, key: key)
  }

  /// The same formula with new weights; the plan is shared where the sizes are the same.
  func renewed(_ configuration: RecurrentCellConfiguration, key: RandomKey) -> RecurrentCell {
    let isPlanned =
      exposed.isEmpty && forced.isEmpty && regularization == configuration.regularization
      && (inputSize, hiddenSize) == (configuration.inputSize, configuration.hiddenSize)
    return RecurrentCell(formula, configuration, plan: isPlanned ? plan : nil, key: key)
  }

  private init(
    _ formula: CellFormula, _ configuration: RecurrentCellConfiguration, plan known: CellPlan?, key: RandomKey
  ) {
    let (input, hidden) = (configuration.inputSize, configuration.hiddenSize)
    precondition(input > 0 && hidden > 0, "a cell needs an input and units")
    (self.formula, inputSize, hiddenSize) = (formula, input, hidden)
    (regularization, exposed, forced) = (configuration.regularization, [], [])
    let plan = known ?? CellPlan(formula, input, hidden, configuration.regularization, exposed: [], forced: [])
    self.plan = plan
    matrices = zip(plan.matrixNames, plan.inference.program.program.matrixShapes).map { name, shape in
      let initializer =
        CellParameterKind(nameOf: name) == .stateMap
        ? configuration.recurrentInitializer : configuration.inputInitializer
      return initializer.matrix(output: shape[0], input: shape[1], key: key.derived(name))
    }
    vectors = plan.vectorNames.map { Tensor.ones([hidden]).scaled(by: formula.firstValues[$0] ?? 0) }
    initial = configuration.learnsInitialState ? formula.states.map { _ in .zeros([hidden]) } : []
  }

  private init(_ cell: RecurrentCell, exposed: [String], forced: [String], keepsInputApart: Bool = false) {
    (formula, inputSize, hiddenSize) = (cell.formula, cell.inputSize, cell.hiddenSize)
    (regularization, self.exposed, self.forced) = (cell.regularization, exposed, forced)
    (matrices, vectors, initial) = (cell.matrices, cell.vectors, cell.initial)
    plan = CellPlan(
      cell.formula, cell.inputSize, cell.hiddenSize, cell.regularization, exposed: exposed, forced: forced,
      keepsInputApart: keepsInputApart)
  }

  /// The same cell, giving values of its steps by name: gates and what else the formula names.
  /// - Throws: `Failure` where the formula has no value of that name.
  public func exposing(_ names: [String]) throws(Failure) -> RecurrentCell {
    for name in names where !formula.valueNames.contains(name) {
      let near = Failure.nearest(to: name, among: formula.valueNames)
      throw Failure(
        .usage, at: "cell", "a value of the formula expected, found \(Failure.shown(name))",
        advice: near.map { "Did you mean \($0)?" } ?? "Its values are \(formula.valueNames.joined(separator: ", ")).")
    }
    return RecurrentCell(self, exposed: names, forced: forced)
  }

  /// The same cell with states given from outside at every step (teacher forcing): what the step before made of them
  /// is not used. Where all states are given, no step waits for another. No gradient flows to what is given.
  /// - Throws: `Failure` where the formula has no such state.
  public func forcing(_ states: [String]) throws(Failure) -> RecurrentCell {
    for state in states where !formula.states.contains(state) {
      throw Failure(
        .usage, at: "cell", "a state of the formula expected, found \(Failure.shown(state))",
        advice: "Its states are \(formula.states.joined(separator: ", ")).")
    }
    return RecurrentCell(self, exposed: exposed, forced: states)
  }

  /// The same cell with its input's products apart from the steps', for loops that know a part of the input only
  /// at its step.
  func withInputApart() -> RecurrentCell {
    RecurrentCell(self, exposed: exposed, forced: forced, keepsInputApart: true)
  }

  /// The same cell with its weights laid out for the machine once, for many runs without a change of weights.
  public func prepared() -> RecurrentCell {
    var copy = self
    copy.packed = PackedProgram(forward: plan.inference.program.program, matrices: matrices, vectors: vectors)
    return copy
  }

  /// The cell as it takes one step after another, from its initial states.
  func makeStep(batchSize: Int) -> RecurrenceStep {
    let program = plan.inference.program
    let packed = packed ?? PackedProgram(forward: program.program, matrices: matrices, vectors: vectors)
    let type = (matrices.first ?? vectors.first)?.elementType ?? .float32
    return RecurrenceStep(
      program, packed, matrices: matrices, vectors: vectors,
      states: initialState(batchSize: batchSize, type).tensors)
  }

  /// Which of a step's results the output is.
  var outputIndex: Int { plan.outputIndex }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    packed = nil
    for (index, name) in plan.matrixNames.enumerated() { visitor.parameter(name, &matrices[index]) }
    for (index, name) in plan.vectorNames.enumerated() { visitor.parameter(name, &vectors[index]) }
    for index in initial.indices { visitor.parameter("initial.\(formula.states[index])", &initial[index]) }
  }

  /// The states before the first step: learned, or zero.
  public func initialState(batchSize: Int, _ elementType: ElementType) -> RecurrentState {
    let zero = Tensor.zeros([batchSize, hiddenSize], elementType)
    return RecurrentState(formula.states.indices.map { initial.isEmpty ? zero : zero + initial[$0] })
  }

  /// Runs over a batch.
  /// - Parameters:
  ///   - input: [rows, inputSize]
  ///   - state: before the first step (in the direction of the run), longest sequence first.
  ///   - direction: from first to last, or from each sequence's true last step to its first.
  ///   - forcing: for each state named by `forcing(_:)`, its value before every step: [rows, hiddenSize]; as many as
  ///     there are such states.
  public func callAsFunction(
    _ input: PackedSequence, from state: RecurrentState, direction: Direction = .forward,
    _ phase: Phase = .inference, forcing: [PackedSequence] = []
  ) -> RecurrentRun {
    RecurrentCell.runs([
      RecurrentCellCall(
        cell: self, input: input, state: state, direction: direction, phase: phase, forcing: forcing)
    ])[0]
  }

  /// Runs cells that do not depend on each other, together.
  static func runs(_ calls: [RecurrentCellCall]) -> [RecurrentRun] {
    zip(calls, recurrences(calls.map { $0.cell.recurrence($0) })).map { call, results in
      let sequences = results.map { call.input.replacingValues($0) }
      return RecurrentRun(
        results: sequences, plan: call.cell.plan, initialState: call.state, direction: call.direction)
    }
  }

  private func recurrence(_ call: RecurrentCellCall) -> RecurrenceCall {
    var inputs = RecurrenceInputs(
      x: call.input.values, matrices: matrices, vectors: vectors, initial: call.state.tensors)
    precondition(
      call.forcing.count == forced.count,
      "RecurrentCell: a sequence for each of the given states \(forced) expected, found \(call.forcing.count)")
    inputs.forced = plan.inference.program.program.forcedStates.map { state in
      call.forcing[forced.firstIndex(of: formula.states[state]) ?? 0].values
    }
    let drawn = draws(call.input.layout, call.phase, call.input.values.elementType)
    (inputs.masks, inputs.noises) = (drawn.masks, drawn.noises)
    return RecurrenceCall(
      program: drawn.program, inputs: inputs, layout: call.input.layout, isReverse: call.direction == .reverse,
      packed: packedProgram(drawn))
  }

  /// What a run draws, and the program that reads it.
  func draws(_ layout: PackedLayout, _ phase: Phase, _ type: ElementType) -> RecurrentDraws {
    guard case .training(let key) = phase else {
      return RecurrentDraws(program: plan.inference.program, isTraining: false, masks: [], noises: [])
    }
    let masks = plan.training.maskNames.map { name in
      Tensor.ones([layout.batchSize, hiddenSize], type).dropout(rate: regularization.dropout, key: key.derived(name))
    }
    let noises = plan.training.noiseNames.map { name in
      let state = formula.states.first { FormulaNames.noisePrefix + $0 == name }
      let rate = state.map { regularization.zoneout(of: $0, in: formula) } ?? regularization.zoneout
      // One where the unit keeps its value.
      return Tensor.bernoulli([layout.rowCount, hiddenSize], probability: rate, key: key.derived(name), type)
    }
    return RecurrentDraws(program: plan.training.program, isTraining: true, masks: masks, noises: noises)
  }

  /// The weights with an input and states before the first step, as the machine reads them.
  func inputs(_ x: Tensor, from states: [Tensor], _ draws: RecurrentDraws) -> RecurrenceInputs {
    var inputs = RecurrenceInputs(x: x, matrices: matrices, vectors: vectors, initial: states)
    (inputs.masks, inputs.noises) = (draws.masks, draws.noises)
    return inputs
  }

  /// The weights as `prepared()` laid them out, for a run that draws nothing.
  func packedProgram(_ draws: RecurrentDraws) -> PackedProgram? { draws.isTraining ? nil : packed }

  /// The state that is the output, or the first where the output is none.
  var outputState: Int { plan.outputIndex < plan.stateCount ? plan.outputIndex : 0 }
}

/// The random numbers of a run in training: masks [batch, H], longest sequence first, and noises [rows, H].
struct RecurrentDraws: Sendable {
  let program: SharedProgram
  let isTraining: Bool
  var masks: [Tensor]
  var noises: [Tensor]
}

/// A cell and what it is to run on.
struct RecurrentCellCall {
  let cell: RecurrentCell
  let input: PackedSequence
  let state: RecurrentState
  var direction = Direction.forward
  var phase = Phase.inference
  var forcing: [PackedSequence] = []
}

/// The order in which a layer reads a sequence.
public enum Direction: String, Sendable, CaseIterable {
  case forward, reverse
}

/// The states of a batch between two steps: one [batch, hidden] tensor for each state of the formula, longest
/// sequence first.
public struct RecurrentState: Sendable {
  public let tensors: [Tensor]

  public init(_ tensors: [Tensor]) { self.tensors = tensors }

  /// The same numbers without their history: the end of truncated back-propagation through time.
  public var detached: RecurrentState { RecurrentState(tensors.map(\.detached)) }
}

/// What a cell did at every step of every sequence.
public struct RecurrentRun: Sendable {
  fileprivate let results: [PackedSequence]
  fileprivate let plan: CellPlan
  /// Before the first step in the direction of the run.
  public let initialState: RecurrentState
  public let direction: Direction

  /// The states after each step, in the order of the formula.
  public var states: ArraySlice<PackedSequence> { results.prefix(plan.stateCount) }
  public var output: PackedSequence { results[plan.outputIndex] }
  /// The output before the first step; nil where it is no state.
  var initialOutput: Tensor? { plan.outputIndex < plan.stateCount ? initialState.tensors[plan.outputIndex] : nil }
  /// The output after the first step.
  var firstOutput: Tensor { direction == .forward ? output.first() : output.last() }

  /// Values of the steps by name: the states (`h'`), the output, and those asked for by `exposing`.
  public var values: [String: PackedSequence] {
    Dictionary(uniqueKeysWithValues: zip(plan.resultNames, results))
  }

  /// The states after the last step in the direction of the run: the true ends of the sequences.
  public var finalState: RecurrentState {
    RecurrentState(states.map { direction == .forward ? $0.last() : $0.first() })
  }
}
