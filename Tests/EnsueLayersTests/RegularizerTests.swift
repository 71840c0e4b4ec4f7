// The regularisers of recurrent states, and the interpreter they are made of.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct FormulaInterpreterTests {
  @Test(arguments: SubjectAndDirection.all) func theInterpreterEqualsTheMachine(_ c: SubjectAndDirection) throws {
    let fixture = CellFixture(c.subject)
    let names = c.subject.formula.valueNames
    let cell = try fixture.cell.exposing(names)
    let run = cell(fixture.input, from: fixture.state, direction: c.direction)
    let step = FormulaInterpreter(cell).step(fixture.input.values, from: run.statesBefore(from: fixture.state))
    for name in names {
      let machine = try #require(run.values[name])
      let disagreement = Disagreement(step.value(name), machine.values)
      #expect(disagreement.isSmall, "\(name): \(disagreement)")
    }
  }

  @Test(arguments: SubjectAndDirection.all) func backPropagationWrittenOutEqualsTheMachines(_ c: SubjectAndDirection) {
    let fixture = CellFixture(c.subject)
    let weights = Tensor.normal(
      [fixture.layout.rowCount, CellSubject.hiddenSize], key: RandomKey(seed: 5), .float64)
    func loss(_ output: PackedSequence) -> Tensor { (square(output.values) * weights).sum() }
    let run = fixture.cell(fixture.input, from: fixture.state, direction: c.direction)
    let gradients = StateGradients(
      of: loss, through: run, of: fixture.cell, input: fixture.input, from: fixture.state)
    let (_, machine) = valueAndGradient(of: TensorList(fixture.state.tensors)) {
      loss(fixture.cell(fixture.input, from: RecurrentState($0.tensors), direction: c.direction).output)
    }
    for (index, gradient) in gradients.initial.enumerated() {
      let expected = machine["input\(index)"]?.dense ?? .zeros(gradient.shape, .float64)
      let disagreement = Disagreement(gradient, expected)
      #expect(disagreement.isSmall, "state \(index): \(disagreement)")
    }
  }
}

@Suite struct GradientPropagationTests {
  private static let subjects = CellSubject.all.filter {
    ["rnn", "lstm", "gru", "mut1", "lstm-fgr", "lstm-layer-norm", "every function", "four phases, output no state"]
      .contains($0.name)
  }

  private func propagation(_ fixture: CellFixture, _ direction: Direction) -> GradientPropagation {
    let run = fixture.cell(fixture.input, from: fixture.state, direction: direction)
    return GradientPropagation(run, of: fixture.cell, input: fixture.input, from: fixture.state) {
      square($0.values - 0.3).mean()
    }
  }

  @Test(arguments: subjects, Direction.allCases)
  func itsGradientEqualsFiniteDifferences(_ subject: CellSubject, _ direction: Direction) {
    let fixture = CellFixture(subject)
    let propagation = propagation(fixture, direction)
    let disagreements = gradientDisagreements(of: fixture.cell) { propagation.penalty($0) }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  /// h' = tanh(W x + u h + b) with one unit: every ratio is |u| (1 − h²), whatever the loss.
  @Test func ofOneUnitItIsTheFactorOfEachStep() {
    var cell = RecurrentCell(
      RecurrentCellKind.rnn.formula(), RecurrentCellConfiguration(inputSize: 2, hiddenSize: 1), key: RandomKey(seed: 1))
    CellFixture.randomize(&cell)
    let weight = cell.parameters.first { $0.name == "U_h" }?.tensor.scalar ?? .nan
    let layout = PackedLayout(lengths: [3, 5])
    let input = PackedSequence(layout: layout, values: .normal([8, 2], key: RandomKey(seed: 2), .float64))
    let state = cell.initialState(batchSize: 2, .float64)
    let run = cell(input, from: state)
    let propagation = GradientPropagation(run, of: cell, input: input, from: state) { $0.last().sum() }
    let expected = run.output.values.doubles.reduce(0) { sum, h in
      let excess = abs(weight) * (1 - h * h) - 1
      return sum + excess * excess
    }
    #expect(abs(propagation.penalty(cell).scalar - expected / 2) < 1e-12)
  }

  @Test func stepsThatNoGradientReachesAreLeftOut() {
    let fixture = CellFixture(CellSubject.builtIn[0])
    let run = fixture.cell(fixture.input, from: fixture.state)
    let first = GradientPropagation(run, of: fixture.cell, input: fixture.input, from: fixture.state) {
      ($0.values * 0).sum()
    }
    #expect(first.penalty(fixture.cell).scalar == 0)
  }

  /// A gradient of 10⁻³⁰ still has a direction in 32 bits.
  @Test func smallGradientsCountAsMuchAsLargeOnes() {
    let fixture = CellFixture(CellSubject.builtIn[0])
    let cell = fixture.cell.converted(to: .float32)
    let input = fixture.input.replacingValues(fixture.input.values.converted(to: .float32))
    let state = RecurrentState(fixture.state.tensors.map { $0.converted(to: .float32) })
    let run = cell(input, from: state)
    let penalties = [1, 1e-30].map { scale in
      GradientPropagation(run, of: cell, input: input, from: state) { $0.last().sum() * scale }.penalty(cell).scalar
    }
    #expect(penalties[0] > 0.01)
    #expect(abs(penalties[0] - penalties[1]) < 1e-5 * penalties[0])
  }

  /// A lower layer's gradients are those that come through the layers above it.
  @Test(arguments: ConnectionKind.allCases) func ofAStackItIsTheSumOverItsCells(_ connection: ConnectionKind) {
    var stack = RecurrentStack(
      RecurrentCellKind.lstm.formula(), cell: RecurrentCellConfiguration(inputSize: 3, hiddenSize: 3),
      RecurrentStackConfiguration(layerCount: 2, connection: connection), key: RandomKey(seed: 1))
    CellFixture.randomize(&stack)
    let (lower, upper) = (stack.layers[0].forward, stack.layers[1].forward)
    let layout = PackedLayout(lengths: [3, 5])
    let input = PackedSequence(layout: layout, values: .normal([8, 3], key: RandomKey(seed: 2), .float64))
    let zero = lower.initialState(batchSize: 2, .float64)
    func read(_ states: PackedSequence) -> PackedSequence {
      switch connection {
      case .plain: states
      case .residual: states.replacingValues(states.values + input.values)
      case .skip: states.replacingValues(concatenated([input.values, states.values]))
      }
    }
    func loss(_ first: PackedSequence, _ second: PackedSequence) -> Tensor {
      switch connection {
      case .plain: square(second.values - 0.3).mean()
      case .residual: square(second.values + read(first).values - 0.3).mean()
      case .skip: square(concatenated([first.values, second.values]) - 0.3).mean()
      }
    }
    let first = lower(input, from: zero)
    let second = upper(read(first.output), from: zero)
    let expected = [
      GradientPropagation(first, of: lower, input: input, from: zero) {
        loss($0, upper(read($0), from: zero).output)
      }.penalty(lower),
      GradientPropagation(second, of: upper, input: read(first.output), from: zero) { loss(first.output, $0) }
        .penalty(upper),
    ].map(\.scalar)
    let (plain, probed) = (stack(input), stack(input, isProbed: true))
    #expect(probed.output.values.isIdentical(to: plain.output.values))
    #expect(probed.finalOutput.isIdentical(to: plain.finalOutput))
    let found = probed.gradientPropagation(of: square(probed.output.values - 0.3).mean(), stack).scalar
    #expect(expected.allSatisfy { $0 > 0.01 } && abs(found - expected[0] - expected[1]) < 1e-9 * found)
  }
}

@Suite struct NormStabilizerTests {
  /// Two sequences, of three steps and of one; norms 5, 13, 0 and 2.
  private let layout = PackedLayout(lengths: [3, 1])
  private let rows: [Double] = [3, 4, 0, 2, 5, 12, 0, 0]

  @Test func itIsTheMeanSquareOfTheChangesOfTheNorm() {
    let states = PackedSequence(layout: layout, values: Tensor(rows, shape: [4, 2]))
    let fromZero = normStabilizer(states).scalar
    #expect(abs(fromZero - ((25.0 + 64 + 169) / 3 + 4) / 2) < 1e-12)
    let initial = Tensor([0.0, 4, 0, 1], shape: [2, 2])
    #expect(abs(normStabilizer(states, from: initial).scalar - ((1.0 + 64 + 169) / 3 + 1) / 2) < 1e-12)
    let reverse = normStabilizer(states, from: initial, direction: .reverse).scalar
    #expect(abs(reverse - ((16.0 + 169 + 64) / 3 + 1) / 2) < 1e-12)
  }

  @Test(arguments: Direction.allCases) func itsGradientEqualsFiniteDifferences(_ direction: Direction) {
    let layout = PackedLayout(lengths: [2, 4, 1])
    let values = TensorList([
      .normal([7, 3], key: RandomKey(seed: 1), .float64), .normal([3, 3], key: RandomKey(seed: 2), .float64),
    ])
    let disagreements = gradientDisagreements(of: values) {
      normStabilizer(
        PackedSequence(layout: layout, values: $0.tensors[0]), from: $0.tensors[1], direction: direction)
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test func atZeroStatesItsGradientIsZero() {
    let (value, gradients) = valueAndGradient(of: TensorList([.zeros([4, 2])])) {
      normStabilizer(PackedSequence(layout: layout, values: $0.tensors[0]))
    }
    #expect(value.scalar == 0)
    #expect(gradients["input0"]?.dense.doubles.allSatisfy { $0 == 0 } == true)
  }

  @Test func aStackBeginsAtItsLearnedStates() {
    let cell = RecurrentCellConfiguration(inputSize: 2, hiddenSize: 3, learnsInitialState: true)
    var stack = RecurrentStack(
      RecurrentCellKind.lstm.formula(), cell: cell, RecurrentStackConfiguration(isBidirectional: true),
      key: RandomKey(seed: 1))
    CellFixture.randomize(&stack)
    let encoding = stack(PackedSequence(layout: layout, values: .normal([4, 2], key: RandomKey(seed: 2), .float64)))
    let cells = [stack.layers[0].forward, stack.layers[0].reverse].compactMap { $0 }
    let expected = zip(cells, encoding.runs[0]).reduce(0.0) { sum, pair in
      let initial = pair.0.initialState(batchSize: 2, .float64).tensors[0]
      return sum + normStabilizer(pair.1.output, from: initial, direction: pair.1.direction).scalar
    }
    #expect(abs(encoding.normStabilizer().scalar - expected) < 1e-12)
  }

  /// Segments leave out the change between them, where the output before is not known, and nothing else.
  @Test func segmentsOfAnOutputThatIsNoStateBeginWithoutATerm() throws {
    let subject = try #require(CellSubject.all.first { $0.name == "four phases, output no state" })
    var stack = RecurrentStack(
      subject.formula, cell: RecurrentCellConfiguration(inputSize: 5, hiddenSize: 3), RecurrentStackConfiguration(),
      key: RandomKey(seed: 1))
    CellFixture.randomize(&stack)
    let values = Tensor.normal([6, 5], key: RandomKey(seed: 2), .float64)
    func encoding(_ rows: Range<Int>, from states: [[RecurrentState]]?) -> RecurrentEncoding {
      let layout = PackedLayout(lengths: [rows.count])
      return stack(PackedSequence(layout: layout, values: values.sliced(rows, axis: 0)), from: states)
    }
    let whole = encoding(0..<6, from: nil)
    let first = encoding(0..<4, from: nil)
    let second = encoding(4..<6, from: first.finalStates)
    let norms = (0..<6).map { row -> Double in
      let unit = whole.output.values.sliced(row..<row + 1, axis: 0).doubles
      return unit.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    let between = (norms[4] - norms[3]) * (norms[4] - norms[3])
    let sum = 4 * first.normStabilizer().scalar + 2 * second.normStabilizer().scalar
    #expect(between > 1e-6 && abs(sum + between - 6 * whole.normStabilizer().scalar) < 1e-10)
  }

  @Test func itWorksOnAnyNamedStateOfARun() throws {
    let fixture = CellFixture(CellSubject.all.first { $0.name == "lstm" } ?? CellSubject.builtIn[0])
    let disagreements = gradientDisagreements(of: fixture.cell) { cell in
      let run = cell(fixture.input, from: fixture.state)
      return ["h'", "c'"].compactMap { run.values[$0] }.enumerated().reduce(Tensor.zeros([], .float64)) {
        $0 + normStabilizer($1.element, from: fixture.state.tensors[$1.offset])
      }
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }
}
