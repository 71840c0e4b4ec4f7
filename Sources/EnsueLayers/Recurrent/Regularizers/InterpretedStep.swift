// The values of one step as tensors, with the record from which the step's vector–Jacobian product is taken. The product
// is made of tensor operations too, so that automatic differentiation can go through it once more.

import EnsueTensor

/// The values of a cell's step, for many rows at once.
public struct InterpretedStep: Sendable {
  private enum Source {
    /// A state before the step.
    case state
    /// Depends on no state.
    case given
    case map(Tensor, Int)
    case function(CellFunction, Int)
    /// Normalised, with the scale √(variance + ε) of each row.
    case normalized(Int, scale: Tensor)
    case operation(CellOperator, Int, Int)
  }

  private struct Node {
    let value: Tensor
    let source: Source
    /// Whether a state before the step takes part in it.
    let seesState: Bool
  }

  private var nodes: [Node]
  private var indices: [String: Int] = [:]
  private let stateCount: Int

  init(states: [Tensor]) {
    nodes = states.map { Node(value: $0, source: .state, seesState: true) }
    stateCount = states.count
  }

  // MARK: Recording

  mutating func define(_ name: String, _ index: Int) { indices[name] = index }

  func index(of name: String) -> Int {
    guard let index = indices[name] else { preconditionFailure("the step has no value \(name)") }
    return index
  }

  private mutating func append(_ value: Tensor, _ source: Source, _ arguments: [Int]) -> Int {
    let sees = arguments.contains { nodes[$0].seesState }
    nodes.append(Node(value: value, source: sees ? source : .given, seesState: sees))
    return nodes.count - 1
  }

  mutating func add(_ value: Tensor) -> Int { append(value, .given, []) }

  mutating func add(map matrix: Tensor, _ argument: Int) -> Int {
    append(matmul(nodes[argument].value, matrix, transposingRight: true), .map(matrix, argument), [argument])
  }

  mutating func add(_ function: CellFunction, _ argument: Int) -> Int {
    let x = nodes[argument].value
    switch function {
    case .sigmoid: return append(sigmoid(x), .function(function, argument), [argument])
    case .tanh: return append(tanh(x), .function(function, argument), [argument])
    case .relu: return append(relu(x), .function(function, argument), [argument])
    case .softplus: return append(softplus(x), .function(function, argument), [argument])
    case .exp: return append(exp(x), .function(function, argument), [argument])
    case .log: return append(log(x), .function(function, argument), [argument])
    case .norm:
      let centred = x - InterpretedStep.rowMeans(x)
      let scale = sqrt(InterpretedStep.rowMeans(square(centred)) + 1e-5)
      return append(centred / scale, .normalized(argument, scale: scale), [argument])
    }
  }

  mutating func add(_ operation: CellOperator, _ left: Int, _ right: Int) -> Int {
    let (a, b) = (nodes[left].value, nodes[right].value)
    let value =
      switch operation {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      }
    return append(value, .operation(operation, left, right), [left, right])
  }

  private static func rowMeans(_ x: Tensor) -> Tensor { x.mean(axis: 1).reshaped([x.shape[0], 1]) }

  // MARK: Results

  /// A value of the step by its name, [rows, H]: a new state (`h'`) or a value between (`i`).
  public func value(_ name: String) -> Tensor { filled(nodes[index(of: name)].value) }

  /// What is the same for all rows, in every row.
  private func filled(_ value: Tensor) -> Tensor {
    let shape = nodes[0].value.shape
    return value.shape == shape ? value : value + Tensor.zeros(shape, value.elementType)
  }

  /// The vector–Jacobian product of the step: Σ over the named values v of g_v · ∂v/∂s, for each state s before the
  /// step: [rows, H] each, in the formula's order.
  public func stateGradients(of seeds: [(value: String, gradient: Tensor)]) -> [Tensor] {
    var gradients = [Tensor?](repeating: nil, count: nodes.count)
    func add(_ gradient: @autoclosure () -> Tensor, to index: Int) {
      guard nodes[index].seesState else { return }
      gradients[index] = gradients[index].map { $0 + gradient() } ?? gradient()
    }
    for seed in seeds { add(seed.gradient, to: index(of: seed.value)) }
    for index in nodes.indices.reversed() {
      guard let g = gradients[index] else { continue }
      let y = nodes[index].value
      switch nodes[index].source {
      case .state, .given: break
      case .map(let matrix, let argument): add(matmul(g, matrix), to: argument)
      case .function(let function, let argument):
        add(InterpretedStep.pulledBack(g, through: function, x: nodes[argument].value, y: y), to: argument)
      case .normalized(let argument, let scale):
        add((g - InterpretedStep.rowMeans(g) - y * InterpretedStep.rowMeans(g * y)) / scale, to: argument)
      case .operation(.add, let left, let right):
        add(g, to: left)
        add(g, to: right)
      case .operation(.subtract, let left, let right):
        add(g, to: left)
        add(-g, to: right)
      case .operation(.multiply, let left, let right):
        add(g * nodes[right].value, to: left)
        add(g * nodes[left].value, to: right)
      case .operation(.divide, let left, let right):
        add(g / nodes[right].value, to: left)
        add(-(g * y / nodes[right].value), to: right)
      }
    }
    return (0..<stateCount).map { gradients[$0] ?? .zeros(nodes[$0].value.shape, nodes[$0].value.elementType) }
  }

  /// g · f′(x), where y = f(x).
  private static func pulledBack(_ g: Tensor, through function: CellFunction, x: Tensor, y: Tensor) -> Tensor {
    switch function {
    case .sigmoid: g * (y - square(y))
    case .tanh: g - g * square(y)
    case .relu: g * Tensor(x.doubles.map { $0 > 0 ? 1.0 : 0 }, shape: x.shape).converted(to: x.elementType)
    case .softplus: g * sigmoid(x)
    case .exp: g * y
    case .log: g / x
    case .norm: preconditionFailure("normalisation keeps its scale")
    }
  }
}
