// What follows from a formula's equations: parameters, an order of evaluation, names.

extension CellFormula {
  /// The learned weights, in the order of their first appearance in the equations as written. A bare x whose width
  /// is not that of the units is projected by one more map, which is not listed here: see `usesInputBare`.
  public var parameters: [CellParameter] {
    var seen: Set<String> = []
    return equations.flatMap { $0.term.parameterNames }.compactMap { name in
      guard seen.insert(name).inserted, let kind = CellParameterKind(nameOf: name) else { return nil }
      return CellParameter(name: name, kind: kind, firstValue: firstValues[name] ?? 0)
    }
  }

  /// The equations in an order in which every value is defined before it is used; where the formula leaves a choice,
  /// as written.
  public var orderedEquations: [Equation] {
    let names = Set(equations.map(\.name))
    var waiting = equations.map { equation in
      (equation: equation, needs: Set(equation.term.valuesUsed).intersection(names))
    }
    var ordered: [Equation] = []
    while let ready = waiting.firstIndex(where: { $0.needs.isEmpty }) {
      let equation = waiting.remove(at: ready).equation
      ordered.append(equation)
      for index in waiting.indices { waiting[index].needs.remove(equation.name) }
    }
    return ordered
  }

  /// The names of all values of a step, in the order written: intermediate values (`i`) and new states (`c'`).
  public var valueNames: [String] { equations.map(\.name) }

  /// Whether x stands outside a `W_` map, where it must have the width of the units or be projected.
  public var usesInputBare: Bool { equations.contains { $0.term.usesInputBare } }

  /// Whether a rewrite added masks or noise, which have no text that can be read back.
  public var usesRandomness: Bool {
    equations.contains { equation in
      equation.term.nodes.contains { node in
        switch node {
        case .mask, .noise: true
        case .input, .state, .value, .parameter, .map, .constant, .function, .operation: false
        }
      }
    }
  }
}

extension Term {
  /// The names of the maps and vectors, in the order of the text, as often as they are used.
  package var parameterNames: [String] {
    nodes.compactMap { node in
      switch node {
      case .parameter(let name), .map(let name, _): name
      case .input, .state, .value, .constant, .function, .operation, .mask, .noise: nil
      }
    }
  }

  /// The names of the values of this step, in the order of the text, as often as they are used.
  package var valuesUsed: [String] { nodes.compactMap { if case .value(let name) = $0 { name } else { nil } } }

  /// The names of the states before the step, in the order of the text, as often as they are used.
  package var statesUsed: [String] { nodes.compactMap { if case .state(let name) = $0 { name } else { nil } } }

  /// Whether x stands outside a `W_` map.
  package var usesInputBare: Bool {
    if case .input = self { return true }
    if case .map(_, .input) = self { return false }
    return children.contains { $0.usesInputBare }
  }
}
