// The laws of a recurrent cell, over every kind.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A cell with input ≠ hidden and a batch ≠ 1, in double precision, with every parameter random.
private struct Fixture {
  let cell: any RecurrentCell
  let layout = PackedLayout(lengths: [4, 6, 1, 4, 2])
  let input: PackedSequence
  let state: RecurrentState

  init(_ kind: RecurrentCellKind) {
    let key = RandomKey(seed: 42)
    var cell = kind.makeCell(RecurrentCellConfiguration(inputSize: 5, hiddenSize: 3), key: key)
    Fixture.randomize(&cell)
    self.cell = cell
    input = PackedSequence(
      layout: layout, values: .normal([layout.rowCount, 5], key: key.derived("x"), .float64))
    let stateShape: Shape = [layout.batchSize, 3]
    state = RecurrentState(
      Fixture.stateNames(cell).indices.map {
        .normal(stateShape, deviation: 0.5, key: key.derived("state").derived($0), .float64)
      })
  }

  static func randomize(_ module: inout some Module) {
    var index = 0
    module.forEachParameter { _, tensor, _ in
      tensor = .normal(tensor.shape, deviation: 0.6, key: RandomKey(seed: 9).derived(index), .float64)
      index += 1
    }
  }

  static func stateNames(_ cell: some RecurrentCell) -> [String] { type(of: cell).stateNames }

  /// The sequence at `position` alone, from its own state.
  func alone(_ position: Int) -> (PackedSequence, RecurrentState) {
    let rows = (0..<layout.lengths[position]).map { Int32(layout.row(step: $0, position: position)) }
    return (
      PackedSequence(layout: PackedLayout(lengths: [rows.count]), values: input.values.gathered(rows)),
      RecurrentState(state.tensors.map { $0.gathered([Int32(position)]) })
    )
  }
}

private struct CellAndDirection: Sendable, CustomTestStringConvertible {
  let kind: RecurrentCellKind
  let direction: Direction
  var testDescription: String { "\(kind.rawValue) \(direction)" }
  static let all = RecurrentCellKind.allCases.flatMap { kind in
    Direction.allCases.map { CellAndDirection(kind: kind, direction: $0) }
  }
}

@Suite struct RecurrentCellLaws {
  @Test(arguments: RecurrentCellKind.allCases) func theDefaultStateIsZero(_ kind: RecurrentCellKind) {
    let fixture = Fixture(kind)
    let zero = fixture.cell.zeroState(batchSize: 5, .float64)
    #expect(zero.tensors.allSatisfy { $0.doubles.allSatisfy { $0 == 0 } && $0.shape == [5, 3] })
    #expect(zero.tensors.count == Fixture.stateNames(fixture.cell).count)
  }

  @Test(arguments: CellAndDirection.all) fileprivate func aRowAloneEqualsTheRowInABatch(_ c: CellAndDirection) {
    let fixture = Fixture(c.kind)
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

  @Test(arguments: RecurrentCellKind.allCases) func twoHalvesEqualTheWhole(_ kind: RecurrentCellKind) {
    let fixture = Fixture(kind)
    let layout = PackedLayout(lengths: [6, 6])
    let values = Tensor.normal([12, 5], key: RandomKey(seed: 3), .float64)
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

  @Test(arguments: RecurrentCellKind.allCases) func reversedInputUnderTheReverseDirectionEqualsForward(
    _ kind: RecurrentCellKind
  ) {
    let fixture = Fixture(kind)
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

  @Test(arguments: CellAndDirection.all) fileprivate func oneThreadEqualsManyBitForBit(_ c: CellAndDirection) {
    let key = RandomKey(seed: 1)
    let cell = c.kind.makeCell(RecurrentCellConfiguration(inputSize: 20, hiddenSize: 33), key: key)
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

  private func trainingPass(_ cell: some RecurrentCell, _ input: PackedSequence, _ direction: Direction) -> (
    Tensor, Gradients
  ) {
    let zero = cell.zeroState(batchSize: input.layout.batchSize, .float32)
    let (value, gradients) = valueAndGradient(of: cell) {
      square($0(input, from: zero, direction: direction).output.values).mean()
    }
    return (value, gradients)
  }

  @Test(arguments: CellAndDirection.all) fileprivate func gradientEqualsFiniteDifferences(_ c: CellAndDirection) {
    check(Fixture(c.kind).cell, Fixture(c.kind), c.direction)
  }

  private func check(_ cell: some RecurrentCell, _ fixture: Fixture, _ direction: Direction) {
    let system = CellSystem(cell: cell, tensors: TensorList([fixture.input.values] + fixture.state.tensors))
    let key = RandomKey(seed: 77)
    let disagreements = gradientDisagreements(of: system) { system in
      let run = system.cell(
        fixture.input.replacingValues(system.tensors.tensors[0]),
        from: RecurrentState(Array(system.tensors.tensors[1...])), direction: direction)
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

  @Test(arguments: RecurrentCellKind.allCases) func visitNamesEveryTensor(_ kind: RecurrentCellKind) {
    let cell = Fixture(kind).cell
    #expect(tensorCount(in: cell) == cell.parameters.count)
    #expect(Set(cell.parameters.map(\.name)).count == cell.parameters.count)
  }

  /// Tensors found by reflection, which tests may use.
  private func tensorCount(in value: Any) -> Int {
    if value is Tensor { return 1 }
    return Mirror(reflecting: value).children.reduce(0) { $0 + tensorCount(in: $1.value) }
  }
}

@Suite struct InitializerTests {
  @Test(arguments: [(4, 9), (9, 4), (70, 70), (100, 33)]) func orthogonalMatricesAreOrthogonal(
    _ output: Int, _ input: Int
  ) {
    let weight = InitializerKind.orthogonal.matrix(output: output, input: input, key: RandomKey(seed: 3))
    let product =
      output <= input ? matmul(weight, weight, transposingRight: true) : matmul(weight, weight, transposingLeft: true)
    let size = min(output, input)
    let identity = InitializerKind.identity.matrix(output: size, input: size, key: RandomKey(seed: 0))
    #expect(Disagreement(product, identity, relative: 0, absolute: 1e-5).isSmall)
  }

  @Test(arguments: InitializerKind.allCases) func valuesStayWithinTheirBounds(_ kind: InitializerKind) {
    let values = kind.matrix(output: 30, input: 50, key: RandomKey(seed: 3)).floats
    let bound: Float =
      switch kind {
      case .uniform: 1 / Float(50).squareRoot()
      case .glorot: (6 / Float(80)).squareRoot()
      case .he: (6 / Float(50)).squareRoot()
      case .orthogonal, .identity: 1
      }
    #expect(values.allSatisfy { abs($0) <= bound * 1.000_01 })
    #expect(Set(values).count > 1)
  }
}

/// A cell together with its input and initial states, all differentiated.
private struct CellSystem<Cell: RecurrentCell>: Module {
  var cell: Cell
  var tensors: TensorList

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("cell", &cell)
    visitor.module("inputs", &tensors)
  }
}

@Suite struct RecurrentCellGoldens {
  @Test(arguments: CellAndDirection.all) fileprivate func equalsTheReferenceElementByElement(
    _ c: CellAndDirection
  ) throws {
    let reader = try SafetensorsReader(TestFiles.golden("cells.safetensors"))
    let prefix = "\(c.kind.rawValue)/\(c.direction.rawValue)/"
    var cell = c.kind.makeCell(
      RecurrentCellConfiguration(inputSize: 5, hiddenSize: 4), key: RandomKey(seed: 0))
    try load(&cell, prefix, reader)
    try compare(cell, prefix, c.direction, reader)
  }

  private func load(_ cell: inout some RecurrentCell, _ prefix: String, _ reader: borrowing SafetensorsReader) throws {
    var tensors: [String: Tensor] = [:]
    for (golden, name) in RecurrentCellGoldens.parameterNames where reader.names.contains(prefix + golden) {
      tensors[name] = try reader.tensor(prefix + golden)
    }
    cell.forEachParameter { name, tensor, _ in
      if let golden = tensors[name] { tensor = golden }
    }
  }

  private static let parameterNames = [
    ("inputWeight", "inputWeight"), ("recurrentWeight", "recurrentWeight"), ("bias", "bias"),
    ("candidateRecurrentBias", "candidateRecurrentBias"),
  ]

  private func compare(
    _ cell: some RecurrentCell, _ prefix: String, _ direction: Direction, _ reader: borrowing SafetensorsReader
  ) throws {
    func golden(_ name: String) throws -> Tensor { try reader.tensor(prefix + name) }
    func expectEqual(_ result: Tensor?, _ name: String, _ absolute: Double) throws {
      let disagreement = try Disagreement(#require(result), golden(name), relative: 1e-10, absolute: absolute)
      #expect(disagreement.isSmall, "\(name): \(disagreement)")
    }
    let layout = PackedLayout(lengths: [6, 4, 4, 1])
    let hasCell = type(of: cell).stateNames.contains("c")
    let stateTensors = try [golden("initialHidden")] + (hasCell ? [golden("initialCell")] : [])
    let system = CellSystem(cell: cell, tensors: TensorList([try golden("input")] + stateTensors))
    let outputGradient = try golden("outputGradient")
    let hiddenGradient = try golden("finalHiddenGradient")
    let cellGradient = hasCell ? try golden("finalCellGradient") : nil
    var run: RecurrentRun?
    let (_, gradients) = valueAndGradient(of: system) { system in
      let result = system.cell(
        PackedSequence(layout: layout, values: system.tensors.tensors[0]),
        from: RecurrentState(Array(system.tensors.tensors[1...])), direction: direction)
      run = result
      let ends = result.finalState.tensors
      let loss = (result.output.values * outputGradient).sum() + (ends[0] * hiddenGradient).sum()
      return cellGradient.map { loss + (ends[1] * $0).sum() } ?? loss
    }
    let result = try #require(run)
    try expectEqual(result.output.values, "output", 1e-12)
    try expectEqual(result.finalState.tensors[0], "finalHidden", 1e-12)
    if hasCell { try expectEqual(result.finalState.tensors[1], "finalCell", 1e-12) }
    try expectEqual(gradients["inputs.input0"]?.dense, "inputGradient", 1e-11)
    try expectEqual(gradients["inputs.input1"]?.dense, "initialHiddenGradient", 1e-11)
    if hasCell { try expectEqual(gradients["inputs.input2"]?.dense, "initialCellGradient", 1e-11) }
    for (goldenName, name) in RecurrentCellGoldens.parameterNames where reader.names.contains(prefix + goldenName) {
      try expectEqual(gradients["cell." + name]?.dense, goldenName + "Gradient", 1e-11)
    }
  }
}
