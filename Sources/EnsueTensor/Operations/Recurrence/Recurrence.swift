// Recurrent layers over a whole packed batch, in one operation each: the machine runs the cell's program through all
// steps, and in the backward pass a few products over all steps give the weights' gradients.

import EnsueKernels

/// One recurrent layer to be run.
package struct RecurrenceCall: Sendable {
  package var program: SharedProgram
  package var inputs: RecurrenceInputs
  package var layout: PackedLayout
  package var isReverse: Bool
  /// The weights packed before, where they do not change between calls.
  package var packed: PackedProgram?

  package init(
    program: SharedProgram, inputs: RecurrenceInputs, layout: PackedLayout, isReverse: Bool,
    packed: PackedProgram? = nil
  ) {
    (self.program, self.inputs, self.layout) = (program, inputs, layout)
    (self.isReverse, self.packed) = (isReverse, packed)
  }
}

/// Runs recurrent layers that do not depend on each other.
/// - Returns: for each its results, after every step: [rows, H].
package func recurrences(_ calls: [RecurrenceCall]) -> [[Tensor]] {
  let runs = calls.map { RecurrenceRun($0) }
  var shares: [(run: RecurrenceRun, share: Int)] = []
  for run in runs {
    if !run.isOneShare { run.multiplyInput() }
    for share in run.machine.shares.indices { shares.append((run, share)) }
  }
  ThreadPool.current.run(shares: shares.count) { number in
    let (run, share) = shares[number]
    // A thread that has a layer to itself needs no other for its input: one meeting of the threads less.
    if run.isOneShare { run.multiplyInput() }
    run.machine.run(share: share)
  }
  return calls.indices.map { index in
    let (tape, needsInput) = (runs[index].tape, calls[index].inputs.x.isTracked)
    return Tensor.recorded(
      "recurrence", calls[index].inputs.trackedDifferentiable, results: tape.results
    ) { gradients in
      RecurrenceGradientRun(tape, arriving: gradients, needsInput: needsInput).gradients()
    }
  }
}

/// What the forward pass leaves for the backward pass.
final class RecurrenceTape: Sendable {
  let shared: SharedProgram
  let inputs: RecurrenceInputs
  /// The rows as steps: all rows are one step where no step needs the one before.
  let layout: PackedLayout
  let isReverse: Bool
  let tape: Tensor
  let joined: Tensor
  /// [constants, H]
  let constants: Tensor
  /// The results, as the caller gets them.
  let results: [Tensor]
  let type: ElementType

  var program: CellProgram { shared.program }

  convenience init(_ call: RecurrenceCall, constants: Tensor) {
    call.inputs.check(against: call.program.program, call.layout)
    self.init(unchecked: call, constants: constants)
  }

  /// - Parameter call: whose x, if it is not given as a whole, is written to `joined` step by step.
  init(unchecked call: RecurrenceCall, constants: Tensor) {
    (shared, isReverse, self.constants) = (call.program, call.isReverse, constants)
    let program = shared.program
    var inputs = call.inputs.detached
    let (rows, type) = (call.layout.rowCount, inputs.x.elementType)
    self.type = type
    if program.isParallel {
      layout = PackedLayout(lengths: .init(repeating: 1, count: rows))
      inputs.masks = inputs.masks.map { PackedSequence.repeating($0, layout: call.layout).values }
    } else {
      layout = call.layout
    }
    self.inputs = inputs
    tape = Tensor(uninitialized: [rows, program.tapeWidth], type)
    joined = Tensor(uninitialized: [rows, program.joinedWidth], type)
    results = (0..<program.resultCount).map { _ in Tensor(uninitialized: [rows, program.hiddenSize], type) }
  }

  /// Where a buffer of the forward pass stands.
  func locate(_ operand: CellOperand) -> EnsueOperand {
    let hidden = program.hiddenSize
    switch operand.buffer {
    case .scratch(let register):
      return EnsueOperand(kind: EnsueOperandScratch, base: nil, stride: register, initial: nil)
    case .tape: return place(EnsueOperandRow, tape, operand.column)
    case .joined: return place(EnsueOperandRow, joined, operand.column)
    case .input: return place(EnsueOperandRow, joined, 1)
    case .output(let result): return place(EnsueOperandRow, results[result])
    case .before(let state):
      return EnsueOperand(
        kind: EnsueOperandBefore, base: results[state].freshPointer, stride: hidden,
        initial: inputs.initial[state].freshPointer)
    case .vector(let vector): return place(EnsueOperandVector, inputs.vectors[vector])
    case .constant(let constant): return place(EnsueOperandVector, constants, constant * hidden)
    case .mask(let mask): return place(EnsueOperandBatch, inputs.masks[mask])
    case .noise(let noise): return place(EnsueOperandRow, inputs.noises[noise])
    case .forced(let state):
      return place(EnsueOperandRow, inputs.forced[program.forcedStates.firstIndex(of: state) ?? 0])
    case .gradient, .carry, .arriving, .pending:
      preconditionFailure("\(operand.buffer) is not part of a forward pass")
    }
  }

  /// Rows as far apart as the tensor's.
  func place(_ kind: EnsueOperandKind, _ tensor: Tensor, _ column: Int = 0) -> EnsueOperand {
    EnsueOperand(
      kind: kind, base: tensor.freshPointer + column * type.size, stride: tensor.shape.columns, initial: nil)
  }
}

/// A forward pass.
private final class RecurrenceRun: Sendable {
  let tape: RecurrenceTape
  let machine: RecurrenceMachine
  private let packed: PackedProgram

  init(_ call: RecurrenceCall) {
    packed =
      call.packed
      ?? PackedProgram(
        forward: call.program.program, matrices: call.inputs.matrices, vectors: call.inputs.vectors)
    let tape = RecurrenceTape(call, constants: packed.constants)
    self.tape = tape
    machine = RecurrenceMachine(
      call.program, packed, tape.layout, type: tape.type, isReverse: call.isReverse, isBackward: false,
      locate: tape.locate)
    machine.joins(tape.inputs.x, into: tape.joined)
  }

  var isOneShare: Bool { machine.shares.count == 1 }

  /// The input's product over all steps.
  func multiplyInput() {
    for product in packed.inputProducts {
      multiplyRows(
        product, of: tape.inputs.x, at: 0, into: tape.tape, at: product.product.target.column)
    }
  }
}

/// target[:, column…] = source[:, column…] · B (+ …), over all rows.
func multiplyRows(
  _ product: PackedProduct, of source: Tensor, at sourceColumn: Int, into target: Tensor, at targetColumn: Int
) {
  let (type, description) = (source.elementType, product.product)
  let (strideA, strideC) = (source.shape.columns, target.shape.columns)
  let (a, c) = (source.pointer + sourceColumn * type.size, target.freshPointer + targetColumn * type.size)
  let columns = ColumnProduct(
    type: type, weight: product.weight.pointer, bias: product.bias?.pointer, depth: description.depth,
    columns: description.columns, accumulates: description.accumulates)
  columns.multiply(dealing: a, strideA, into: c, strideC, rows: source.shape.rows, panels: columns.blockPanels)
}
