// The gradient of one step, derived from its values: reverse accumulation over the graph (Linnainmaa 1970).

import EnsueTensor

/// What arrives at the forms, vectors, states and the bare input of a step, as values of the same graph.
struct CellGradient {
  typealias ID = ValueGraph.ID

  /// For each form.
  private(set) var forms: [ID?]
  private(set) var vectors: [ID?]
  /// For each state, without what comes from the operand that is the state itself.
  private(set) var states: [ID?]
  private(set) var input: ID?
  /// The operand that is exactly a state before the step, by state.
  private(set) var stateOperands: [Int?]

  private var contributions: [ID: [ID]] = [:]

  /// - Parameter results: the results' values; the first `stateCount` are the states after the step.
  init(_ terms: inout CellTerms, results: [ID], stateCount: Int, forced: Set<Int>) {
    forms = .init(repeating: nil, count: terms.forms.count)
    vectors = .init(repeating: nil, count: terms.vectors.count)
    states = .init(repeating: nil, count: stateCount)
    stateOperands = .init(repeating: nil, count: stateCount)
    let last = (results.max() ?? 0)
    for (index, result) in results.enumerated() {
      terms.withGraph { graph in
        if index < stateCount, !forced.contains(index) { add(graph.leaf(.carry(index)), to: result) }
        add(graph.leaf(.arriving(index)), to: result)
      }
    }
    for id in stride(from: last, through: 0, by: -1) {
      let operand = terms.operandNumber(id)
      let isReached = operand.map { terms.formsOfOperand[$0].contains { forms[$0] != nil } } ?? false
      terms.withGraph { propagate(id, &$0, reached: isReached ? operand : nil) }
    }
    // A form that no result depends on has a gradient all the same, so that every number of the buffers is written.
    let zero = terms.withGraph { $0.leaf(.constant(0)) }
    forms = forms.map { $0 ?? zero }
  }

  private mutating func add(_ gradient: ID, to value: ID) { contributions[value, default: []].append(gradient) }

  /// - Parameter operand: the operand that the value is, where a gradient reaches it.
  private mutating func propagate(_ id: ID, _ graph: inout ValueGraph, reached operand: Int?) {
    if case .leaf(.before(let state)) = graph.nodes[id] {
      stateOperands[state] = operand
      states[state] = graph.sum(contributions[id] ?? [])
      return
    }
    if let operand { add(graph.leaf(.operandGradient(operand)), to: id) }
    guard let gradient = graph.sum(contributions[id] ?? []) else { return }
    switch graph.nodes[id] {
    case .leaf(.form(let form)): forms[form] = gradient
    case .leaf(.vector(let vector)): vectors[vector] = gradient
    case .leaf(.input): input = gradient
    case .leaf: break
    case .normalize(let number, let argument):
      let scale = graph.leaf(.scale(number))
      add(graph.add(.apply(.normalizeGradient, [gradient, id, scale])), to: argument)
    case .apply(let code, let arguments): propagate(code, arguments, id, gradient, &graph)
    }
  }

  private mutating func propagate(
    _ code: CellCode, _ arguments: [ID], _ id: ID, _ gradient: ID, _ graph: inout ValueGraph
  ) {
    let a = arguments[0]
    switch code {
    case .copy: add(gradient, to: a)
    case .negate: add(graph.negated(gradient), to: a)
    case .add:
      add(gradient, to: a)
      add(gradient, to: arguments[1])
    case .subtract:
      add(gradient, to: a)
      add(graph.negated(gradient), to: arguments[1])
    case .multiply:
      add(graph.product(gradient, arguments[1]), to: a)
      add(graph.product(gradient, a), to: arguments[1])
    case .divide:
      // d(a/b) = da / b - (a/b) db / b
      let share = graph.quotient(gradient, arguments[1])
      add(share, to: a)
      add(graph.negated(graph.product(share, id)), to: arguments[1])
    case .sigmoid: add(graph.add(.apply(.sigmoidGradient, [gradient, id])), to: a)
    case .tanh: add(graph.add(.apply(.tanhGradient, [gradient, id])), to: a)
    case .relu: add(graph.add(.apply(.reluGradient, [gradient, id])), to: a)
    case .softplus: add(graph.add(.apply(.softplusGradient, [gradient, id])), to: a)
    case .exponential: add(graph.product(gradient, id), to: a)
    case .logarithm: add(graph.quotient(gradient, a), to: a)
    case .multiplyAdd, .normalize, .sigmoidGradient, .tanhGradient, .reluGradient, .softplusGradient,
      .normalizeGradient:
      break  // not part of a step's values
    }
  }
}
