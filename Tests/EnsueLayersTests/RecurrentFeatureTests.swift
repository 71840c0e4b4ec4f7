// What stands around a cell: randomness within the recurrence, teacher forcing, values by name, learned initial
// states, prepared weights.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A cell and how its recurrence is disturbed in training.
private struct RegularizedSubject: Sendable, CustomTestStringConvertible {
  let kind: RecurrentCellKind
  let regularization: RecurrentRegularization
  var testDescription: String { "\(kind.rawValue) \(regularization)" }

  static let all: [RegularizedSubject] = [.lstm, .gru, .gruResetAfter, .lstmFullGateRecurrence, .mut3, .rnnLayerNorm]
    .flatMap { (kind: RecurrentCellKind) in
      [
        RegularizedSubject(kind: kind, regularization: RecurrentRegularization(dropout: 0.4)),
        RegularizedSubject(kind: kind, regularization: RecurrentRegularization(zoneout: 0.3)),
        RegularizedSubject(kind: kind, regularization: RecurrentRegularization(dropout: 0.2, zoneout: 0.1)),
      ]
    }

  var cell: RecurrentCell {
    let configuration = RecurrentCellConfiguration(
      inputSize: 5, hiddenSize: 3, regularization: regularization, learnsInitialState: true)
    var cell = kind.makeCell(configuration, key: RandomKey(seed: 1))
    CellFixture.randomize(&cell)
    return cell
  }
}

@Suite struct RegularizedRecurrence {
  private let layout = PackedLayout(lengths: [4, 6, 1, 4, 2])
  private var input: PackedSequence {
    PackedSequence(layout: layout, values: .normal([layout.rowCount, 5], key: RandomKey(seed: 3), .float64))
  }

  @Test(arguments: RegularizedSubject.all) fileprivate func gradientEqualsFiniteDifferences(
    _ subject: RegularizedSubject
  ) {
    let phase = Phase.training(RandomKey(seed: 8))
    for direction in Direction.allCases {
      let disagreements = gradientDisagreements(of: subject.cell) { cell in
        let state = cell.initialState(batchSize: 5, .float64)
        let run = cell(input, from: state, direction: direction, phase)
        return run.states.reduce(Tensor.zeros([], .float64)) { $0 + square($1.values).mean() }
      }
      for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
    }
  }

  @Test func masksAndNoiseAreDrawnAnewAndRepeatably() {
    let cell = RegularizedSubject.all[2].cell
    let state = cell.initialState(batchSize: 5, .float64)
    func output(_ phase: Phase) -> Tensor { cell(input, from: state, phase).output.values }
    let first = output(.training(RandomKey(seed: 1)))
    #expect(first.isIdentical(to: output(.training(RandomKey(seed: 1)))))
    #expect(!first.isIdentical(to: output(.training(RandomKey(seed: 2)))))
    #expect(!first.isIdentical(to: output(.inference)))
  }

  @Test func zoneoutKeepsTheValueOfAUnit() throws {
    // With a probability this high nearly every unit keeps its first value.
    let configuration = RecurrentCellConfiguration(
      inputSize: 5, hiddenSize: 50, regularization: RecurrentRegularization(zoneout: 0.9))
    let cell = RecurrentCellKind.rnn.makeCell(configuration, key: RandomKey(seed: 1)).converted(to: .float64)
    let first = RecurrentState([.normal([5, 50], key: RandomKey(seed: 5), .float64)])
    let run = cell(input, from: first, .training(RandomKey(seed: 2)))
    let before = first.tensors[0].doubles
    let after = run.output.first().doubles
    let kept = zip(before, after).filter { $0 == $1 }.count
    #expect((210...240).contains(kept), "\(kept) of 250 units kept their value")
  }

  private func train(_ formula: CellFormula) {
    let configuration = RecurrentCellConfiguration(
      inputSize: 5, hiddenSize: 3, regularization: RecurrentRegularization(dropout: 0.2, zoneout: 0.1))
    let cell = RecurrentCell(formula, configuration, key: RandomKey(seed: 1)).converted(to: .float64)
    let run = cell(input, from: cell.initialState(batchSize: 5, .float64), .training(RandomKey(seed: 2)))
    #expect(run.output.values.doubles.allSatisfy { $0.isFinite })
  }

  /// What rewrites name must not be taken for a mask, noise or a parameter: m_new would be.
  @Test(arguments: ["m", "n", "p", "b", "W", "U"]) func everyStateCanBeZonedOut(_ state: String) throws {
    train(
      try CellFormula(
        text: "state \(state)\n\(state)' = tanh(W_h x + U_h \(state))\ny = 0.5 ⊙ \(state)'\noutput y"))
  }

  /// 64 states and values, and 64 levels: training adds to both.
  @Test func formulasAtTheBoundsCanBeRegularized() throws {
    let sums = (2...62).map { "v\($0) = v\($0 - 1) + b_\($0)\n" }.joined()
    train(
      try CellFormula(
        text: "state h\nv1 = W_h x + U_h h\n\(sums)h' = tanh(v62)\nv63 = 0.5 ⊙ h'\noutput v63"))
    let (open, close) = (String(repeating: "tanh(", count: 61), String(repeating: ")", count: 61))
    train(try CellFormula(text: "state h\nh' = \(open)x + U_h h\(close)\noutput h'"))
  }

  @Test func theRecurrencesMaskIsOneForTheWholeSequence() throws {
    // A linear cell without input keeps h = (U m)ⁿ h₀: a unit that is masked out never reaches the others.
    let formula = try CellFormula(text: "state h\nh' = U_h h + 0 ⊙ x\noutput h'")
    let configuration = RecurrentCellConfiguration(
      inputSize: 8, hiddenSize: 8, recurrentInitializer: .identity, regularization: .init(dropout: 0.5))
    let cell = RecurrentCell(formula, configuration, key: RandomKey(seed: 1)).converted(to: .float64)
    let layout = PackedLayout(lengths: [3, 3])
    let run = cell(
      PackedSequence(layout: layout, values: .zeros([6, 8], .float64)),
      from: RecurrentState([.ones([2, 8], .float64)]),
      .training(RandomKey(seed: 4)))
    let values = run.output.values.doubles
    let (first, last) = (Array(values[0..<16]), Array(values[32..<48]))
    #expect(Set(first) == [0, 2])
    #expect(zip(first, last).allSatisfy { $0 == 0 ? $1 == 0 : $1 == 8 })
  }
}

@Suite struct TeacherForcing {
  private let layout = PackedLayout(lengths: [5, 3, 3, 1])

  /// Forcing the outputs that a free run gave changes nothing, bit for bit, though no step waits for another.
  @Test(arguments: Direction.allCases) func forcingWhatTheCellGaveGivesTheSame(_ direction: Direction) throws {
    let cell = CellFixture(CellSubject(name: "", formula: RecurrentCellKind.outputFeedback.formula(), inputSize: 5))
      .cell
    let input = PackedSequence(layout: layout, values: .normal([12, 5], key: RandomKey(seed: 2), .float64))
    let state = RecurrentState([.normal([4, 3], key: RandomKey(seed: 6), .float64)])
    let free = cell(input, from: state, direction: direction)
    let before = free.output.before(from: state.tensors[0], direction: direction)
    let forced = try cell.forcing(["o"])(input, from: state, direction: direction, forcing: [before])
    #expect(forced.output.values.isIdentical(to: free.output.values))
  }

  @Test func oneOfTwoStatesCanBeForced() throws {
    let cell = CellFixture(CellSubject(name: "", formula: RecurrentCellKind.lstm.formula(), inputSize: 5)).cell
    let input = PackedSequence(layout: layout, values: .normal([12, 5], key: RandomKey(seed: 2), .float64))
    let state = cell.initialState(batchSize: 4, .float64)
    let free = cell(input, from: state)
    let forcing = try cell.forcing(["h"])
    let before = free.states[0].before(from: state.tensors[0], direction: .forward)
    let forced = forcing(input, from: state, forcing: [before])
    #expect(forced.states[1].values.isIdentical(to: free.states[1].values))
    let disagreements = gradientDisagreements(of: forcing) {
      square($0(input, from: state, forcing: [before]).output.values).mean()
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  /// With every state given no step waits for another, backwards either.
  @Test(arguments: CellSubject.all) func allStatesCanBeForced(_ subject: CellSubject) throws {
    let fixture = CellFixture(subject)
    let free = fixture.cell(fixture.input, from: fixture.state)
    let given = zip(free.states, fixture.state.tensors).map { $0.before(from: $1, direction: .forward) }
    let forcing = try fixture.cell.forcing(subject.formula.states)
    let forced = forcing(fixture.input, from: fixture.state, forcing: given)
    for (a, b) in zip(forced.states, free.states) { #expect(a.values.isIdentical(to: b.values)) }
    let system = CellSystem(cell: forcing, tensors: TensorList([fixture.input.values]))
    let disagreements = gradientDisagreements(of: system) { system in
      let input = fixture.input.replacingValues(system.tensors.tensors[0])
      let run = system.cell(input, from: fixture.state, forcing: given)
      return run.states.enumerated().reduce(Tensor.zeros([], .float64)) { sum, state in
        let key = RandomKey(seed: 5).derived(state.offset)
        let weights = Tensor.normal(state.element.values.shape, key: key, .float64)
        return sum + (state.element.values * weights).sum()
      }
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  /// The reciprocals of these are beyond what 32 bits hold; the quotients are not.
  @Test(arguments: [(1e-40, 1e-30), (3e38, 1e37), (2e-39, 1e-3)])
  func quotientsByNumbersBeyond32Bits(_ divisor: Double, _ x: Double) throws {
    let formula = try CellFormula(text: "state h\nh' = 0 ⊙ h + b_h + x / \(divisor)\noutput h'")
    let cell = RecurrentCell(formula, RecurrentCellConfiguration(inputSize: 2, hiddenSize: 2), key: RandomKey(seed: 1))
    let input = PackedSequence(layout: PackedLayout(lengths: [1]), values: Tensor([x, x / 2], shape: [1, 2]))
    for type in [ElementType.float32, .float64] {
      let converted = input.replacingValues(input.values.converted(to: type))
      let run = cell.converted(to: type)(converted, from: cell.initialState(batchSize: 1, type))
      for (found, numerator) in zip(run.output.values.doubles, [x, x / 2]) {
        #expect(abs(found * divisor / numerator - 1) < 1e-5, "\(found)")
      }
    }
  }

  /// Without what it is to be given, the cell says so.
  @Test func missingGivenStatesAreAMistakeOfTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let cell = RecurrentCellKind.lstm.makeCell(.init(inputSize: 2, hiddenSize: 2), key: RandomKey(seed: 1))
      let input = PackedSequence(layout: PackedLayout(lengths: [2]), values: .zeros([2, 2]))
      _ = try cell.forcing(["h"])(input, from: cell.initialState(batchSize: 1, .float32))
    }
  }

  @Test func anUnknownStateIsRefused() {
    let cell = RecurrentCellKind.lstm.makeCell(.init(inputSize: 2, hiddenSize: 2), key: RandomKey(seed: 1))
    #expect(throws: Failure.self) { try cell.forcing(["k"]) }
    #expect(throws: Failure.self) { try cell.exposing(["z"]) }
  }
}

@Suite struct ValuesByName {
  @Test(arguments: CellSubject.all) func everyValueIsGivenByNameAndCarriesAGradient(_ subject: CellSubject) throws {
    let fixture = CellFixture(subject)
    let cell = try fixture.cell.exposing(subject.formula.valueNames)
    let run = cell(fixture.input, from: fixture.state)
    let plain = fixture.cell(fixture.input, from: fixture.state)
    #expect(Set(run.values.keys).isSuperset(of: subject.formula.valueNames))
    #expect(run.output.values.isIdentical(to: plain.output.values))
    for direction in Direction.allCases {
      let disagreements = gradientDisagreements(of: cell) { cell in
        let values = cell(fixture.input, from: fixture.state, direction: direction).values
        return subject.formula.valueNames.enumerated().reduce(Tensor.zeros([], .float64)) { sum, name in
          let weights = Tensor.normal([fixture.layout.rowCount, 3], key: RandomKey(seed: 5).derived(name.0), .float64)
          return values[name.1].map { sum + ($0.values * weights).mean() } ?? sum
        }
      }
      for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
    }
  }

  @Test func aGateIsWhatItsEquationSays() throws {
    let fixture = CellFixture(CellSubject(name: "", formula: RecurrentCellKind.lstm.formula(), inputSize: 5))
    let run = try fixture.cell.exposing(["i"])(fixture.input, from: fixture.state)
    var weights: [String: Tensor] = [:]
    for parameter in fixture.cell.parameters { weights[parameter.name] = parameter.tensor }
    let before = run.states[0].before(from: fixture.state.tensors[0], direction: .forward)
    let sum =
      linear(fixture.input.values, weight: try #require(weights["W_i"]), bias: weights["b_i"])
      + linear(before.values, weight: try #require(weights["U_i"]), bias: nil)
    let gate = try #require(run.values["i"])
    #expect(Disagreement(gate.values, sigmoid(sum), relative: 1e-12, absolute: 1e-14).isSmall)
  }
}

@Suite struct PreparedCells {
  @Test(arguments: CellSubject.all) func preparedWeightsGiveTheSameBits(_ subject: CellSubject) {
    let fixture = CellFixture(subject)
    let plain = fixture.cell(fixture.input, from: fixture.state)
    let prepared = fixture.cell.prepared()(fixture.input, from: fixture.state)
    for (a, b) in zip(plain.states, prepared.states) { #expect(a.values.isIdentical(to: b.values)) }
  }

  @Test func aChangeOfWeightsUndoesThePreparation() {
    let fixture = CellFixture(CellSubject(name: "", formula: RecurrentCellKind.gru.formula(), inputSize: 5))
    var cell = fixture.cell.prepared()
    cell.forEachParameter { _, tensor, _ in tensor = tensor.scaled(by: 0.5) }
    var changed = fixture.cell
    changed.forEachParameter { _, tensor, _ in tensor = tensor.scaled(by: 0.5) }
    let (a, b) = (cell(fixture.input, from: fixture.state), changed(fixture.input, from: fixture.state))
    #expect(a.output.values.isIdentical(to: b.output.values))
  }

  /// In training the input's product may be part of each step: the same numbers, but for rounding.
  @Test(arguments: CellSubject.all) func trainingAndUseAgree(_ subject: CellSubject) {
    let fixture = CellFixture(subject)
    let (used, trained) = (
      fixture.cell(fixture.input, from: fixture.state),
      fixture.cell(fixture.input, from: fixture.state, .training(RandomKey(seed: 1)))
    )
    for (a, b) in zip(used.states, trained.states) {
      #expect(Disagreement(a.values, b.values, relative: 1e-12, absolute: 1e-13).isSmall)
    }
  }

  /// The weights of the larger one do not stay in the second-level cache.
  @Test(arguments: [(20, 30), (200, 260)]) func singleAndDoublePrecisionAgree(_ input: Int, _ hidden: Int) {
    let key = RandomKey(seed: 3)
    let cell = RecurrentCellKind.lstm.makeCell(.init(inputSize: input, hiddenSize: hidden), key: key)
    let layout = PackedLayout(lengths: [7, 5, 5, 2])
    let values = Tensor.normal([layout.rowCount, input], key: key)
    func output(_ cell: RecurrentCell, _ values: Tensor, _ phase: Phase) -> Tensor {
      cell(
        PackedSequence(layout: layout, values: values), from: cell.initialState(batchSize: 4, values.elementType),
        phase
      ).output.values.converted(to: .float64)
    }
    let double = output(cell.converted(to: .float64), values.converted(to: .float64), .inference)
    for phase in [Phase.inference, .training(key)] {
      #expect(Disagreement(output(cell, values, phase), double, relative: 1e-4, absolute: 1e-5).isSmall)
    }
  }
}
