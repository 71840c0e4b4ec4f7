// The laws of a recurrent cell, over every subject.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct RecurrentCellLaws {
  @Test(arguments: CellSubject.all) func theDefaultStateIsZero(_ subject: CellSubject) {
    let fixture = CellFixture(subject)
    let zero = fixture.cell.initialState(batchSize: 5, .float64)
    #expect(zero.tensors.allSatisfy { $0.doubles.allSatisfy { $0 == 0 } && $0.shape == [5, 3] })
    #expect(zero.tensors.count == subject.formula.states.count)
  }

  @Test(arguments: SubjectAndDirection.all) func aRowAloneEqualsTheRowInABatch(_ c: SubjectAndDirection) {
    let fixture = CellFixture(c.subject)
    let batch = fixture.cell(fixture.input, from: fixture.state, direction: c.direction)
    for position in fixture.layout.lengths.indices {
      let (input, state) = fixture.alone(position)
      let single = fixture.cell(input, from: state, direction: c.direction)
      for (together, alone) in zip(batch.states, single.states) {
        let rows = (0..<fixture.layout.lengths[position]).map {
          Int32(fixture.layout.row(step: $0, position: position))
        }
        #expect(together.values.gathered(rows).isIdentical(to: alone.values))
      }
      for (together, alone) in zip(batch.finalState.tensors, single.finalState.tensors) {
        #expect(together.gathered([Int32(position)]).isIdentical(to: alone))
      }
    }
  }

  @Test(arguments: CellSubject.all) func twoHalvesEqualTheWhole(_ subject: CellSubject) {
    let fixture = CellFixture(subject)
    let layout = PackedLayout(lengths: [6, 6])
    let values = Tensor.normal([12, subject.inputSize], key: RandomKey(seed: 3), .float64)
    let state = RecurrentState(fixture.state.tensors.map { $0.sliced(0..<2, axis: 0) })
    let whole = fixture.cell(PackedSequence(layout: layout, values: values), from: state, direction: .forward)
    let half = PackedLayout(lengths: [3, 3])
    let first = fixture.cell(
      PackedSequence(layout: half, values: values.sliced(0..<6, axis: 0)), from: state, direction: .forward)
    let second = fixture.cell(
      PackedSequence(layout: half, values: values.sliced(6..<12, axis: 0)), from: first.finalState, direction: .forward)
    for (end, expected) in zip(second.finalState.tensors, whole.finalState.tensors) {
      #expect(end.isIdentical(to: expected))
    }
  }

  @Test(arguments: CellSubject.all) func reversedInputUnderTheReverseDirectionEqualsForward(
    _ subject: CellSubject
  ) {
    let fixture = CellFixture(subject)
    let forward = fixture.cell(fixture.input, from: fixture.state, direction: .forward)
    let backwards = fixture.layout.lengths.indices.flatMap { position in
      let length = fixture.layout.lengths[position]
      return (0..<length).map { step in
        (
          from: fixture.layout.row(step: length - 1 - step, position: position),
          to: fixture.layout.row(step: step, position: position)
        )
      }
    }.sorted { $0.to < $1.to }.map { Int32($0.from) }
    let reversed = fixture.input.replacingValues(fixture.input.values.gathered(backwards))
    let run = fixture.cell(reversed, from: fixture.state, direction: .reverse)
    for (state, expected) in zip(run.states, forward.states) {
      #expect(state.values.gathered(backwards).isIdentical(to: expected.values))
    }
    for (end, expected) in zip(run.finalState.tensors, forward.finalState.tensors) {
      #expect(end.isIdentical(to: expected))
    }
  }

  @Test(arguments: SubjectAndDirection.all) func oneThreadEqualsManyBitForBit(_ c: SubjectAndDirection) {
    let key = RandomKey(seed: 1)
    let cell = RecurrentCell(
      c.subject.formula,
      RecurrentCellConfiguration(inputSize: 20, hiddenSize: 33), key: key)
    let layout = PackedLayout(lengths: (0..<40).map { 1 + ($0 * 7) % 23 })
    let input = PackedSequence(layout: layout, values: .normal([layout.rowCount, 20], key: key))
    let results = [1, 2, 3, 8].map { threads in
      ThreadPool.$current.withValue(ThreadPool(threadCount: threads)) {
        trainingPass(cell, input, c.direction)
      }
    }
    for result in results {
      #expect(result.0.isIdentical(to: results[0].0))
      for name in result.1.names {
        #expect(result.1[name]?.dense.isIdentical(to: results[0].1[name]?.dense ?? .zeros([])) == true, "\(name)")
      }
    }
  }

  private func trainingPass(_ cell: RecurrentCell, _ input: PackedSequence, _ direction: Direction) -> (
    Tensor, Gradients
  ) {
    let zero = cell.initialState(batchSize: input.layout.batchSize, .float32)
    let (value, gradients) = valueAndGradient(of: cell) {
      square($0(input, from: zero, direction: direction, .training(RandomKey(seed: 2))).output.values).mean()
    }
    return (value, gradients)
  }

  @Test(arguments: SubjectAndDirection.all) func gradientEqualsFiniteDifferences(_ c: SubjectAndDirection) {
    let fixture = CellFixture(c.subject)
    for phase in [Phase.inference, .training(RandomKey(seed: 1))] { check(fixture.cell, fixture, c.direction, phase) }
  }

  private func check(_ cell: RecurrentCell, _ fixture: CellFixture, _ direction: Direction, _ phase: Phase) {
    let system = CellSystem(cell: cell, tensors: TensorList([fixture.input.values] + fixture.state.tensors))
    let key = RandomKey(seed: 77)
    let disagreements = gradientDisagreements(of: system) { system in
      let run = system.cell(
        fixture.input.replacingValues(system.tensors.tensors[0]),
        from: RecurrentState(Array(system.tensors.tensors[1...])), direction: direction, phase)
      // Every state at every step and every final state takes part, each with weights of its own.
      var loss = Tensor.zeros([], .float64)
      for (index, state) in run.states.enumerated() {
        let weights = Tensor.normal(state.values.shape, key: key.derived(index), .float64)
        loss = loss + (state.values * weights).sum() + square(run.finalState.tensors[index]).sum()
      }
      return loss
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test(arguments: CellSubject.all) func visitNamesEveryTensor(_ subject: CellSubject) {
    let cell = CellFixture(subject).cell
    #expect(tensorCount(in: cell) == cell.parameters.count)
    #expect(Set(cell.parameters.map(\.name)).count == cell.parameters.count)
  }

  /// Tensors found by reflection, which tests may use.
  private func tensorCount(in value: Any) -> Int {
    if value is Tensor { return 1 }
    return Mirror(reflecting: value).children.reduce(0) { $0 + tensorCount(in: $1.value) }
  }
}
