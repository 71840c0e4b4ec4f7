// A recurrent layer that takes one step after another, as a model does that reads what it has just written. Weights,
// memory and tables are laid out once; a step is a few calls of kernels.

import EnsueKernels

/// One recurrent layer at one step of a batch, and its states between steps.
///
/// A step gives bit for bit what `recurrences` gives at that step. Not to be used by two threads at once; whoever
/// holds it copies it before changing what another holds.
package final class RecurrenceStep: @unchecked Sendable {
  package let batchSize: Int
  private let program: SharedProgram
  private let packed: PackedProgram
  private let inputs: RecurrenceInputs
  private let tape: RecurrenceTape
  private let machine: RecurrenceMachine

  /// - Parameters:
  ///   - packed: the weights of `program`, packed for the forward pass.
  ///   - vectors: those of the program, [H] each.
  ///   - states: before the first step, [batch, H] each.
  package init(
    _ program: SharedProgram, _ packed: PackedProgram, matrices: [Tensor], vectors: [Tensor], states: [Tensor]
  ) {
    (self.program, self.packed, batchSize) = (program, packed, states.first?.shape[0] ?? 1)
    let type = packed.constants.elementType
    inputs = RecurrenceInputs(
      x: .zeros([batchSize, program.program.inputSize], type), matrices: matrices.map(\.detached),
      vectors: vectors.map(\.detached), initial: states.map(RecurrenceStep.copy))
    let call = RecurrenceCall(
      program: program, inputs: inputs, layout: PackedLayout(lengths: .init(repeating: 1, count: batchSize)),
      isReverse: false, packed: packed)
    let tape = RecurrenceTape(call, constants: packed.constants)
    self.tape = tape
    machine = RecurrenceMachine(
      program, packed, tape.layout, type: type, isReverse: false, isBackward: false, locate: tape.locate)
    let stride = tape.program.joinedWidth * type.size
    for row in 0..<batchSize { ensue_fill(type.kernel, 1, tape.joined.freshPointer + row * stride, 1) }
  }

  /// An independent copy whose states are those of `sequences`, in this order.
  package func selecting(_ sequences: [Int]) -> RecurrenceStep {
    RecurrenceStep(
      program, packed, matrices: inputs.matrices, vectors: inputs.vectors,
      states: inputs.initial.map { $0.gathered(sequences.map(Int32.init)) })
  }

  /// An independent copy.
  package func copy() -> RecurrenceStep {
    RecurrenceStep(program, packed, matrices: inputs.matrices, vectors: inputs.vectors, states: inputs.initial)
  }

  /// Between steps, [batch, H] each.
  package var states: [Tensor] {
    get { inputs.initial.map(RecurrenceStep.copy) }
    set {
      precondition(
        newValue.map(\.shape) == inputs.initial.map(\.shape),
        "states \(newValue.map(\.shape)) expected of shapes \(inputs.initial.map(\.shape))")
      for (state, value) in zip(inputs.initial, newValue) { RecurrenceStep.copy(value, into: state) }
    }
  }

  /// Takes a step.
  /// - Parameters:
  ///   - x: [batch, input]
  ///   - result: the number of the result that is asked for.
  /// - Returns: that result after the step, [batch, H].
  package func take(_ x: Tensor, result: Int) -> Tensor {
    let (type, rows, width, program) = (tape.type, batchSize, inputs.x.shape[1], tape.program)
    precondition(
      x.shape == inputs.x.shape && x.elementType == type,
      "a step of a recurrent layer: an input of shape \(inputs.x.shape) expected, found \(x.shape)")
    let denormals = ensue_flush_denormals()
    defer { ensue_restore_denormals(denormals) }
    RecurrenceStep.copy(x, into: inputs.x)
    ensue_copy_rows(
      x.pointer, width * type.size, tape.joined.freshPointer + type.size, program.joinedWidth * type.size, rows,
      width * type.size)
    for product in packed.inputProducts {
      let (description, target) = (product.product, tape.tape.freshPointer)
      ColumnProduct(
        type: type, weight: UnsafeRawPointer(product.weight.pointer), bias: product.bias?.pointer,
        depth: description.depth, columns: description.columns, accumulates: description.accumulates
      ).multiply(
        x.pointer, width, into: target + description.target.column * type.size, program.tapeWidth, rows: rows)
    }
    machine.runStep(batchSize: rows, type)
    for (state, result) in zip(inputs.initial, tape.results) { RecurrenceStep.copy(result, into: state) }
    return RecurrenceStep.copy(tape.results[result])
  }

  private static func copy(_ tensor: Tensor) -> Tensor {
    let result = Tensor(uninitialized: tensor.shape, tensor.elementType)
    copy(tensor, into: result)
    return result
  }

  private static func copy(_ tensor: Tensor, into target: Tensor) {
    target.freshPointer.copyMemory(from: tensor.pointer, byteCount: tensor.count * tensor.elementType.size)
  }
}
