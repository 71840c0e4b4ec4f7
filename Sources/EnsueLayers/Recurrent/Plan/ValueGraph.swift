// The values of a cell's step, and of its gradient, as a graph in which every value exists once.

import EnsueTensor

/// Values by number; a value's arguments have smaller numbers.
struct ValueGraph {
  typealias ID = Int

  /// A value that is not computed by an instruction.
  enum Leaf: Hashable {
    case input
    case before(Int)
    case forced(Int)
    case vector(Int)
    case constant(Double)
    case mask(Int)
    case noise(Int)
    /// A sum of matrix products, complete after the phase of its last product.
    case form(Int)
    /// The scale that normalisation number i leaves behind.
    case scale(Int)
    case arriving(Int)
    case carry(Int)
    /// The gradient of operand i, from a product.
    case operandGradient(Int)
  }

  enum Node: Hashable {
    case leaf(Leaf)
    case apply(CellCode, [ID])
    /// Normalisation number i.
    case normalize(Int, ID)
  }

  private(set) var nodes: [Node] = []
  private var numbers: [Node: ID] = [:]

  mutating func add(_ node: Node) -> ID {
    if let known = numbers[node] { return known }
    nodes.append(node)
    numbers[node] = nodes.count - 1
    return nodes.count - 1
  }

  mutating func leaf(_ leaf: Leaf) -> ID { add(.leaf(leaf)) }

  func constant(_ id: ID) -> Double? {
    if case .leaf(.constant(let value)) = nodes[id] { value } else { nil }
  }

  func arguments(_ id: ID) -> [ID] {
    switch nodes[id] {
    case .leaf: []
    case .apply(_, let arguments): arguments
    case .normalize(_, let argument): [argument]
    }
  }

  // What follows leaves out work that changes nothing: factors of one, terms of zero.

  mutating func sum(_ a: ID, _ b: ID) -> ID {
    if constant(a) == 0 { return b }
    if constant(b) == 0 { return a }
    if case .apply(.negate, let argument) = nodes[b] { return difference(a, argument[0]) }
    if case .apply(.negate, let argument) = nodes[a] { return difference(b, argument[0]) }
    return add(.apply(.add, [a, b]))
  }

  mutating func difference(_ a: ID, _ b: ID) -> ID {
    if constant(b) == 0 { return a }
    if constant(a) == 0 { return negated(b) }
    return add(.apply(.subtract, [a, b]))
  }

  mutating func negated(_ a: ID) -> ID {
    if let value = constant(a) { return leaf(.constant(-value)) }
    if case .apply(.negate, let argument) = nodes[a] { return argument[0] }
    return add(.apply(.negate, [a]))
  }

  mutating func product(_ a: ID, _ b: ID) -> ID {
    if constant(a) == 1 { return b }
    if constant(b) == 1 { return a }
    if constant(a) == -1 { return negated(b) }
    if constant(b) == -1 { return negated(a) }
    if constant(a) == 0 { return a }
    if constant(b) == 0 { return b }
    return add(.apply(.multiply, [a, b]))
  }

  /// By a number, the product with its reciprocal: in several factors where one is beyond what 32 bits hold.
  mutating func quotient(_ a: ID, _ b: ID) -> ID {
    guard let divisor = constant(b), divisor != 0, divisor.isFinite else { return add(.apply(.divide, [a, b])) }
    let reciprocal = 1 / divisor
    if Float(reciprocal).isNormal { return product(a, leaf(.constant(reciprocal))) }
    let factor = abs(divisor) < 1 ? 0x1p100 : 0x1p-100
    return quotient(product(a, leaf(.constant(factor))), leaf(.constant(divisor * factor)))
  }

  mutating func sum(_ terms: [ID]) -> ID? {
    guard var total = terms.first else { return nil }
    for term in terms.dropFirst() { total = sum(total, term) }
    return total
  }
}

extension CellCode {
  /// Sums and products: computed again where they are needed rather than kept.
  var isCheap: Bool {
    switch self {
    case .copy, .negate, .add, .subtract, .multiply, .divide, .multiplyAdd: true
    case .sigmoid, .tanh, .relu, .softplus, .exponential, .logarithm, .normalize: false
    case .sigmoidGradient, .tanhGradient, .reluGradient, .softplusGradient, .normalizeGradient: false
    }
  }
}
