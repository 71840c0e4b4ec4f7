// cell-peephole, as in peers/cell-peephole.py: a cell given as text and read at run time, and the toolkit's own LSTM of
// the same size beside it; 128 units, input 128, batch 64, 40 steps, last state, linear to 2, cross entropy, Adam.

import Ensue

struct CellWorkload: Workload {
  let rows: [RowDescription]
  private var formula: CellTraining
  private var lstm: CellTraining
  private let isCompiledPeer: Bool

  private static let size = 128

  /// - Parameter compiled: whether the peer also measures its cell compiled.
  init(name: String, compiled: Bool) throws {
    isCompiledPeer = compiled
    // As a user's own cell: the text is all that is known of it.
    let text = RecurrentCellKind.lstmPeephole.text()
    formula = CellTraining(try CellFormula(text: text), size: Self.size)
    lstm = CellTraining(RecurrentCellKind.lstm.formula(), size: Self.size)
    let size = Double(Self.size)
    let cost = RecurrentCost(gates: 4, input: size, hidden: size).training(inputGradient: false)
    func row(_ name: String, comparedRow: String? = nil) -> RowDescription {
      RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: cost, comparedRow: comparedRow)
    }
    rows =
      [row(name), row("cell-lstm"), row("\(name)-of-own-lstm", comparedRow: "cell-lstm")]
      + (compiled ? [row("\(name)-compiled")] : [])
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  /// The two cells share the time.
  mutating func block(seconds: Double) throws -> [Double] {
    let own = try repeated(seconds: seconds / 2) { try lstm.step() }
    let cell = try repeated(seconds: seconds / 2) { try formula.step() }
    return [cell, own, cell] + (isCompiledPeer ? [cell] : [])
  }

  /// The cell that is given as text only.
  mutating func profiledStep() throws { _ = try formula.step() }
}

/// A recurrent layer below a linear layer.
private struct CellModel: Module {
  var cell: RecurrentCell
  var output: Linear

  mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("cell", &cell)
    visitor.module("output", &output)
  }

  func callAsFunction(_ input: PackedSequence, _ phase: Phase) -> Tensor {
    let state = cell.initialState(batchSize: input.layout.batchSize, input.values.elementType)
    return output(cell(input, from: state, phase).output.last())
  }
}

/// A cell in training on random inputs that need no gradient.
private struct CellTraining {
  private typealias Batch = (input: PackedSequence, labels: [Int])

  private var trainer: Trainer<CellModel>
  private let batches: [Batch]
  private var count = 0

  private static let (batchSize, steps, batchCount) = (64, 40, 8)

  init(_ formula: CellFormula, size: Int) {
    let key = RandomKey(seed: 1)
    let configuration = RecurrentCellConfiguration(inputSize: size, hiddenSize: size)
    let model = CellModel(
      cell: RecurrentCell(formula, configuration, key: key.derived("cell")),
      output: Linear(inputSize: size, outputSize: 2, key: key.derived("output")))
    // Adam at 1e-3.
    trainer = Trainer(model: model, optimizer: Optimizer(OptimizerConfiguration()), key: key.derived("training"))
    let layout = PackedLayout(lengths: Array(repeating: Self.steps, count: Self.batchSize))
    batches = (0..<Self.batchCount).map { number in
      let input = Tensor.normal([layout.rowCount, size], key: key.derived("input").derived(number))
      let labels = key.derived("labels").derived(number)
      return (
        PackedSequence(layout: layout, values: input), (0..<Self.batchSize).map { Int(labels.bits(at: $0) & 1) }
      )
    }
  }

  /// Forward, backward and update; gives the tokens.
  mutating func step() throws -> Double {
    let batch = batches[count % batches.count]
    count += 1
    _ = try trainer.step(on: [(batch, batch.labels.count)]) { model, batch, phase in
      crossEntropy(logits: model(batch.input, phase), targets: batch.labels)
    }
    return Double(batch.input.layout.rowCount)
  }
}
