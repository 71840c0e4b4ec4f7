// A cell's step computed term by term with tensor operations, all rows at once. Slower than the machine that runs
// cells, but its results and their vector–Jacobian products are ordinary tensors, which can be differentiated again.
// Also what the machine is tested against.

import EnsueTensor

/// Evaluates the equations of a cell for steps whose states are given.
///
/// What training draws within the recurrence (masks, zoneout) is left out: the equations are those of the formula.
public struct FormulaInterpreter: Sendable {
  public let formula: CellFormula
  private let parameters: [String: Tensor]
  private let hiddenSize: Int
  private let inputSize: Int

  public init(_ cell: RecurrentCell) {
    precondition(!cell.formula.usesRandomness, "the interpreter draws no masks and no noise")
    (formula, hiddenSize, inputSize) = (cell.formula, cell.hiddenSize, cell.inputSize)
    parameters = Dictionary(
      cell.parameters.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
  }

  /// One step of every row.
  /// - Parameters:
  ///   - input: [rows, inputSize]
  ///   - states: before the step, in the formula's order: [rows, H] each.
  public func step(_ input: Tensor, from states: [Tensor]) -> InterpretedStep {
    let shape: Shape = [input.shape[0], hiddenSize]
    precondition(
      input.shape == [shape[0], inputSize] && states.count == formula.states.count
        && states.allSatisfy { $0.shape == shape },
      "a step: an input \(input.shape) and states \(states.map(\.shape)) do not fit a cell \(inputSize) → \(hiddenSize)"
    )
    var step = InterpretedStep(states: states)
    for equation in formula.orderedEquations { step.define(equation.name, node(equation.term, input, &step)) }
    return step
  }

  private func node(_ term: Term, _ input: Tensor, _ step: inout InterpretedStep) -> Int {
    switch term {
    case .input: return step.add(bare(input))
    case .state(let name): return formula.states.firstIndex(of: name) ?? 0
    case .value(let name): return step.index(of: name)
    case .parameter(let name): return step.add(parameter(name).reshaped([1, hiddenSize]))
    case .constant(let value): return step.add(Tensor(repeating: value, shape: [1, hiddenSize], input.elementType))
    case .map(let name, .input): return step.add(matmul(input, parameter(name), transposingRight: true))
    case .map(let name, let argument): return step.add(map: parameter(name), node(argument, input, &step))
    case .function(let function, let argument): return step.add(function, node(argument, input, &step))
    case .operation(let operation, let left, let right):
      let first = node(left, input, &step)
      return step.add(operation, first, node(right, input, &step))
    case .mask(let name), .noise(let name): preconditionFailure("the interpreter draws no \(name)")
    }
  }

  private func bare(_ input: Tensor) -> Tensor {
    inputSize == hiddenSize
      ? input : matmul(input, parameter(CellTerms.bareInputName(for: formula)), transposingRight: true)
  }

  private func parameter(_ name: String) -> Tensor {
    guard let tensor = parameters[name] else { preconditionFailure("the cell has no parameter \(name)") }
    return tensor
  }
}
