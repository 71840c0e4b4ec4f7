// What a recurrent cell does, in the terms of the machine that runs it: which numbers stand where, the phases of
// elementwise instructions and matrix products of one step, forward and backward, and the products over all steps
// that give the weights' gradients. Made from a cell's equations by the planner in EnsueLayers; plain data.

import EnsueKernels

/// An elementwise instruction of a cell's program.
package enum CellCode: Sendable {
  case copy, negate, add, subtract, multiply, divide, multiplyAdd
  case sigmoid, tanh, relu, softplus, exponential, logarithm, normalize
  case sigmoidGradient, tanhGradient, reluGradient, softplusGradient, normalizeGradient

  fileprivate var kernel: EnsueCode {
    switch self {
    case .copy: EnsueCodeCopy
    case .negate: EnsueCodeNegate
    case .add: EnsueCodeAdd
    case .subtract: EnsueCodeSubtract
    case .multiply: EnsueCodeMultiply
    case .divide: EnsueCodeDivide
    case .multiplyAdd: EnsueCodeMultiplyAdd
    case .sigmoid: EnsueCodeSigmoid
    case .tanh: EnsueCodeTanh
    case .relu: EnsueCodeReLU
    case .softplus: EnsueCodeSoftplus
    case .exponential: EnsueCodeExponential
    case .logarithm: EnsueCodeLogarithm
    case .normalize: EnsueCodeNormalize
    case .sigmoidGradient: EnsueCodeSigmoidGradient
    case .tanhGradient: EnsueCodeTanhGradient
    case .reluGradient: EnsueCodeReLUGradient
    case .softplusGradient: EnsueCodeSoftplusGradient
    case .normalizeGradient: EnsueCodeNormalizeGradient
    }
  }
}

/// The memory a program works on. B sequences in N packed rows, H units.
package enum CellBuffer: Hashable, Sendable {
  /// A register of the tile.
  case scratch(Int)
  /// [N, tape width]: sums before activation, and what the backward pass needs of the forward pass.
  case tape
  /// [N, joined width]: a one, x, and every other vector that a matrix is applied to.
  case joined
  /// [N, gradient width]: gradients of the sums before activation, then of vectors, row by row.
  case gradient
  /// x itself, where it has H elements. [N, H]
  case input
  /// Result i after each step. [N, H]
  case output(Int)
  /// State i before each step.
  case before(Int)
  /// The gradient of state i on its way to the step before. [B, H]
  case carry(Int)
  /// The gradient of result i from outside. [N, H]
  case arriving(Int)
  /// A gradient that waits for a later phase of its step. [B, H]
  case pending(Int)
  /// [H]
  case vector(Int)
  /// A number in every unit. [H]
  case constant(Int)
  /// [B, H]
  case mask(Int)
  /// [N, H]
  case noise(Int)
  /// Values given in place of state i. [N, H]
  case forced(Int)
}

/// A place in a buffer: the column where the vector begins.
package struct CellOperand: Hashable, Sendable {
  package let buffer: CellBuffer
  package let column: Int

  package init(_ buffer: CellBuffer, _ column: Int = 0) { (self.buffer, self.column) = (buffer, column) }
}

/// A matrix parameter as a block of a packed matrix.
package struct MatrixBlock: Sendable {
  package let matrix: Int
  package let depthOffset: Int
  package let columnOffset: Int
  /// The columns of the parameter that are meant; nil for all.
  var part: Range<Int>?

  package init(matrix: Int, depthOffset: Int, columnOffset: Int) {
    (self.matrix, self.depthOffset, self.columnOffset) = (matrix, depthOffset, columnOffset)
  }
}

/// target = source · B (+ target), B made of parameters: transposed in the forward pass, as they are in the backward.
package struct CellProduct: Sendable {
  package let source: CellOperand
  package let target: CellOperand
  package let depth: Int
  package let columns: Int
  package let blocks: [MatrixBlock]
  /// Vectors added at a column.
  package let biases: [(vector: Int, column: Int)]
  package let accumulates: Bool

  package init(
    source: CellOperand, target: CellOperand, depth: Int, columns: Int, blocks: [MatrixBlock],
    biases: [(vector: Int, column: Int)] = [], accumulates: Bool
  ) {
    (self.source, self.target, self.depth, self.columns) = (source, target, depth, columns)
    (self.blocks, self.biases, self.accumulates) = (blocks, biases, accumulates)
  }
}

/// The steps of one direction of computation, over a table of operands.
package struct CellPass: Sendable {
  package struct Instruction: Sendable, Equatable {
    package var code: CellCode
    package var target: CellOperand
    package var a: CellOperand
    package var b: CellOperand?
    package var c: CellOperand?

    package init(
      _ code: CellCode, target: CellOperand, a: CellOperand, b: CellOperand? = nil, c: CellOperand? = nil
    ) {
      (self.code, self.target, self.a, self.b, self.c) = (code, target, a, b, c)
    }
  }
  /// Instructions, then products.
  package struct Phase: Sendable {
    package var instructions: [Instruction]
    package var products: [CellProduct]

    package init(instructions: [Instruction], products: [CellProduct]) {
      (self.instructions, self.products) = (instructions, products)
    }
  }

  package let phases: [Phase]
  let operands: [CellOperand]
  let kernelInstructions: [[EnsueInstruction]]
  /// The operands of each phase's products.
  let productOperands: [[(source: Int32, target: Int32)]]
  let registerCount: Int

  package init(phases: [Phase]) {
    self.phases = phases
    var operands: [CellOperand] = []
    var indexes: [CellOperand: Int32] = [:]
    func index(_ operand: CellOperand) -> Int32 {
      if let known = indexes[operand] { return known }
      let new = Int32(operands.count)
      operands.append(operand)
      indexes[operand] = new
      return new
    }
    var registers = 0
    kernelInstructions = phases.map { phase in
      phase.instructions.map { instruction in
        for case .scratch(let number) in [instruction.target.buffer] { registers = max(registers, number + 1) }
        return EnsueInstruction(
          code: instruction.code.kernel, target: index(instruction.target), a: index(instruction.a),
          b: instruction.b.map(index) ?? 0, c: instruction.c.map(index) ?? 0)
      }
    }
    productOperands = phases.map { $0.products.map { (index($0.source), index($0.target)) } }
    (self.operands, registerCount) = (operands, registers)
  }
}

/// A product over all rows that gives gradients: gradient[:, rows]ᵀ · joined[:, columns].
package struct WeightGradientProduct: Sendable {
  package let rows: Range<Int>
  package let columns: Range<Int>
  /// Where a matrix's gradient begins in the result.
  package let matrices: [(matrix: Int, row: Int, column: Int)]
  /// Vectors whose gradient is part of the column of ones, at column 0.
  package let biases: [(vector: Int, row: Int)]

  package init(
    rows: Range<Int>, columns: Range<Int>, matrices: [(matrix: Int, row: Int, column: Int)],
    biases: [(vector: Int, row: Int)]
  ) {
    (self.rows, self.columns, self.matrices, self.biases) = (rows, columns, matrices, biases)
  }
}

/// A cell as the machine runs it, for one input width and number of units.
package struct CellProgram: Sendable {
  package var inputSize: Int
  package var hiddenSize: Int
  package var stateCount: Int
  package var resultCount: Int
  package var tapeWidth: Int
  package var joinedWidth: Int
  package var gradientWidth: Int
  package var pendingCount: Int
  package var constants: [Double]
  /// [rows, columns] of each matrix parameter.
  package var matrixShapes: [Shape]
  package var vectorCount: Int
  package var maskCount: Int
  package var noiseCount: Int
  /// States given from outside at every step (teacher forcing): by number.
  package var forcedStates: [Int]
  /// Whether rows are normalised: a tile then has all units.
  package var normalizes: Bool
  /// Products of the input over all steps before the first; empty where they are part of the steps.
  package var inputProducts: [CellProduct]
  package var forward: CellPass
  package var backward: CellPass
  package var weightGradients: [WeightGradientProduct]
  /// Vectors whose gradient is the sum over the rows of a column of `gradient`.
  package var vectorGradients: [(vector: Int, column: Int)]
  /// dx = Σ gradient[:, column…] · matrix.
  package var inputGradients: [CellProduct]
  /// The column of `gradient` with the gradient of a bare x.
  package var bareInputGradient: Int?

  package init(inputSize: Int, hiddenSize: Int) {
    (self.inputSize, self.hiddenSize) = (inputSize, hiddenSize)
    (stateCount, resultCount, tapeWidth, joinedWidth, gradientWidth, pendingCount) = (0, 0, 0, 0, 0, 0)
    (constants, matrixShapes, vectorCount, maskCount, noiseCount, forcedStates) = ([], [], 0, 0, 0, [])
    (normalizes, inputProducts, weightGradients, vectorGradients, inputGradients) = (false, [], [], [], [])
    (forward, backward) = (CellPass(phases: []), CellPass(phases: []))
    bareInputGradient = nil
  }

  /// Multiplications of a step's products for one row.
  func rowWork(_ pass: CellPass) -> Int {
    pass.phases.reduce(0) { $0 + $1.products.reduce(0) { $0 + $1.depth * $1.columns } } + 32 * hiddenSize
  }

  /// Whether a step needs nothing of the step before: all rows are then one step.
  package var isParallel: Bool { forcedStates.count == stateCount }
}

/// A program shared by all runs of a cell: passing it on copies a reference, not its many lists.
package final class SharedProgram: Sendable {
  package let program: CellProgram
  let forwardWork: Int
  let backwardWork: Int

  package init(_ program: CellProgram) {
    self.program = program
    (forwardWork, backwardWork) = (program.rowWork(program.forward), program.rowWork(program.backward))
  }
}
