// The backward pass of a recurrent layer: the machine walks the steps the other way, then come the sums over all rows.

import EnsueKernels

/// The backward pass over what the forward pass left.
struct RecurrenceGradientRun {
  private let tape: RecurrenceTape
  let gradient: Tensor
  let carries: [Tensor]
  private let pending: [Tensor]
  private let zeros: Tensor
  private let arriving: [Tensor?]
  private let needsInput: Bool

  init(_ tape: RecurrenceTape, arriving: [Tensor?], needsInput: Bool) {
    (self.tape, self.arriving, self.needsInput) = (tape, arriving, needsInput)
    let (batch, hidden, type) = (tape.layout.batchSize, tape.program.hiddenSize, tape.type)
    gradient = Tensor(uninitialized: [tape.layout.rowCount, tape.program.gradientWidth], type)
    carries = tape.inputs.initial.map { .zeros($0.shape, type) }
    pending = (0..<tape.program.pendingCount).map { _ in Tensor(uninitialized: [batch, hidden], type) }
    zeros = .zeros([hidden], type)
  }

  private var program: CellProgram { tape.program }

  func locate(_ operand: CellOperand) -> EnsueOperand {
    switch operand.buffer {
    case .gradient: tape.place(EnsueOperandRow, gradient, operand.column)
    case .carry(let state): tape.place(EnsueOperandBatch, carries[state])
    case .pending(let number): tape.place(EnsueOperandBatch, pending[number])
    case .arriving(let result):
      arriving[result].map { tape.place(EnsueOperandRow, $0) } ?? tape.place(EnsueOperandVector, zeros)
    case .scratch, .tape, .joined, .input, .output, .before, .vector, .constant, .mask, .noise, .forced:
      tape.locate(operand)
    }
  }

  /// In the order of `RecurrenceInputs.differentiable`.
  func gradients() -> [Gradient?] {
    let packed = PackedProgram(
      backward: program, matrices: tape.inputs.matrices, needsInput: needsInput, constants: tape.constants)
    let machine = RecurrenceMachine(
      tape.shared, packed, tape.layout, type: tape.type, isReverse: tape.isReverse, isBackward: true, locate: locate)
    ThreadPool.current.run(shares: machine.shares.count) { machine.run(share: $0) }
    let input = needsInput ? inputGradient(packed) : nil
    let (matrices, vectors) = parameterGradients()
    return [input.map { .dense($0) }] + (matrices + vectors + carries).map { .dense($0) }
  }

  private func inputGradient(_ packed: PackedProgram) -> Tensor {
    let x = tape.inputs.x
    let result =
      packed.inputProducts.isEmpty ? Tensor.zeros(x.shape, tape.type) : Tensor(uninitialized: x.shape, tape.type)
    for product in packed.inputProducts {
      multiplyRows(product, of: gradient, at: product.product.source.column, into: result, at: 0)
    }
    guard let column = program.bareInputGradient else { return result }
    var sum = result
    sum.accumulate(columns(of: gradient, column..<column + program.hiddenSize))
    return sum
  }

  func columns(of matrix: Tensor, _ range: Range<Int>) -> Tensor {
    let size = tape.type.size
    let result = Tensor(uninitialized: [matrix.shape[0], range.count], tape.type)
    ensue_copy_rows(
      matrix.pointer + range.lowerBound * size, matrix.shape[1] * size, result.freshPointer, range.count * size,
      matrix.shape[0], range.count * size)
    return result
  }

  func parameterGradients() -> (matrices: [Tensor], vectors: [Tensor]) {
    var matrices = [Tensor?](repeating: nil, count: program.matrixShapes.count)
    var vectors = [Tensor?](repeating: nil, count: program.vectorCount)
    func add(_ part: Tensor, to total: inout Tensor?) {
      if total == nil { total = part } else { total?.accumulate(part) }
    }
    for product in program.weightGradients {
      let sums = StridedProduct(
        a: gradient, columnsA: product.rows, b: tape.joined, columnsB: product.columns
      ).computed()
      for part in product.matrices {
        add(block(of: sums, part.row, part.column, program.matrixShapes[part.matrix]), to: &matrices[part.matrix])
      }
      for part in product.biases {
        let column = block(of: sums, part.row, 0, [program.hiddenSize, 1])
        add(column.viewed(as: [program.hiddenSize]), to: &vectors[part.vector])
      }
    }
    let sums = columnSums()
    for (vector, column) in program.vectorGradients {
      let part = block(of: sums, 0, column - (program.gradientWidth - sums.shape[1]), [1, program.hiddenSize])
      add(part.viewed(as: [program.hiddenSize]), to: &vectors[vector])
    }
    return (
      matrices.enumerated().map { $1 ?? .zeros(program.matrixShapes[$0], tape.type) },
      vectors.map { $0 ?? .zeros([program.hiddenSize], tape.type) }
    )
  }

  /// The sums over all rows of the columns of `gradient` from the first that is asked for, as one row.
  private func columnSums() -> Tensor {
    let start = program.vectorGradients.map(\.column).min() ?? program.gradientWidth
    let (type, stride, rows) = (tape.type, program.gradientWidth, gradient.shape[0])
    let result = Tensor(uninitialized: [1, stride - start], type)
    ThreadPool.current.forPieces(of: stride - start, grain: max(64, (1 << 16) / max(1, rows))) { range in
      ensue_sum_columns(
        type.kernel, gradient.pointer + (start + range.lowerBound) * type.size, stride,
        result.freshPointer + range.lowerBound * type.size, rows, range.count)
    }
    return result
  }

  private func block(of matrix: Tensor, _ row: Int, _ column: Int, _ shape: Shape) -> Tensor {
    let (size, columns) = (tape.type.size, matrix.shape[1])
    let result = Tensor(uninitialized: shape, tape.type)
    ensue_copy_rows(
      matrix.pointer + (row * columns + column) * size, columns * size, result.freshPointer, shape[1] * size,
      shape[0], shape[1] * size)
    return result
  }
}
