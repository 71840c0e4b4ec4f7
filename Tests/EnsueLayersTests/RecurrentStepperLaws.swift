// Weights through a file, and one step after another: for every cell, those whose output is no state among them.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct RecurrentStepperLaws {
  private static let lengths = [5, 5, 5]

  /// Two layers, the second of which reads the first's output.
  private static func stack(_ subject: CellSubject, _ connection: ConnectionKind) -> RecurrentStack {
    var stack = RecurrentStack(
      subject.formula,
      cell: RecurrentCellConfiguration(
        inputSize: subject.inputSize, hiddenSize: CellSubject.hiddenSize, learnsInitialState: true),
      RecurrentStackConfiguration(layerCount: 2, connection: connection), key: RandomKey(seed: 4))
    CellFixture.randomize(&stack)
    return stack
  }

  private static func input(_ subject: CellSubject) -> PackedSequence {
    let layout = PackedLayout(lengths: lengths)
    return PackedSequence(
      layout: layout, values: .normal([layout.rowCount, subject.inputSize], key: RandomKey(seed: 6), .float64))
  }

  private static func rows(_ step: Int, of values: Tensor) -> Tensor {
    values.sliced(lengths.count * step..<lengths.count * (step + 1), axis: 0)
  }

  @Test(arguments: CellSubject.all, ConnectionKind.allCases) func stepByStepEqualsTheWhole(
    _ subject: CellSubject, _ connection: ConnectionKind
  ) {
    let stack = RecurrentStepperLaws.stack(subject, connection)
    let input = RecurrentStepperLaws.input(subject)
    let whole = stack(input)
    var stepper = RecurrentStepper(stack, batchSize: 3)
    for step in 0..<5 {
      let output = stepper.step(RecurrentStepperLaws.rows(step, of: input.values))
      let expected = RecurrentStepperLaws.rows(step, of: whole.output.values)
      #expect(output.isIdentical(to: expected), "step \(step)")
    }
    for (layer, expected) in zip(stepper.states, whole.finalStates) {
      for (a, b) in zip(layer[0].tensors, expected[0].tensors) { #expect(a.isIdentical(to: b)) }
    }
  }

  /// Sequences that are put in another order, left out and doubled go on as they would have.
  @Test(arguments: CellSubject.all) func selectedSequencesGoOnBitForBit(_ subject: CellSubject) {
    let stack = RecurrentStepperLaws.stack(subject, .plain)
    let input = RecurrentStepperLaws.input(subject)
    let whole = stack(input)
    var stepper = RecurrentStepper(stack, batchSize: 3)
    for step in 0..<2 { _ = stepper.step(RecurrentStepperLaws.rows(step, of: input.values)) }
    let chosen: [Int32] = [2, 0, 2]
    var selected = stepper.selecting(chosen.map { Int($0) })
    let first = stepper.selecting([1])
    for step in 2..<5 {
      let output = selected.step(RecurrentStepperLaws.rows(step, of: input.values).gathered(chosen))
      #expect(output.isIdentical(to: RecurrentStepperLaws.rows(step, of: whole.output.values).gathered(chosen)))
    }
    // The one that was selected from is as it was.
    var alone = first
    let x = RecurrentStepperLaws.rows(2, of: input.values)
    #expect(alone.step(x.gathered([1])).isIdentical(to: stepper.step(x).gathered([1])))
  }

  @Test(arguments: CellSubject.all) func savingAndLoadingIsTheIdentity(_ subject: CellSubject) throws {
    let stack = RecurrentStepperLaws.stack(subject, .plain).converted(to: .float32)
    try TestFiles.withDirectory { folder in
      let path = "\(folder)/cell.safetensors"
      try SafetensorsWriter.write(stack.namedTensors, to: path)
      var other = RecurrentStack(
        subject.formula,
        cell: RecurrentCellConfiguration(
          inputSize: subject.inputSize, hiddenSize: CellSubject.hiddenSize, learnsInitialState: true),
        RecurrentStackConfiguration(layerCount: 2), key: RandomKey(seed: 99))
      try other.load(SafetensorsReader(path), path: path)
      #expect(other.namedTensors.map(\.name) == stack.namedTensors.map(\.name))
      for (a, b) in zip(other.namedTensors, stack.namedTensors) { #expect(a.tensor.isIdentical(to: b.tensor)) }
      let values = RecurrentStepperLaws.input(subject)
      let input = values.replacingValues(values.values.converted(to: .float32))
      #expect(other(input).output.values.isIdentical(to: stack(input).output.values))
    }
  }
}
