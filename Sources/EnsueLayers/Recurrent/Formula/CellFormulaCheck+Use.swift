// Checks of how the equations hang together: no cycle within a step, a recurrence, nothing computed in vain.

extension CellFormulaCheck {
  /// The values of one step must not need each other in a circle.
  func checkCycles() throws(CellFormulaFinding) {
    let equations = formula.equations
    var needs: [String: [String]] = [:]
    for equation in equations { needs[equation.name] = equation.term.valuesUsed }
    var finished: Set<String> = []
    var path: [String] = []
    /// The cycle that `name` leads into; nil when there is none.
    func cycle(from name: String) -> [String]? {
      if let start = path.firstIndex(of: name) { return Array(path[start...]) }
      if finished.contains(name) { return nil }
      path.append(name)
      for needed in needs[name] ?? [] {
        if let found = cycle(from: needed) { return found }
      }
      path.removeLast()
      finished.insert(name)
      return nil
    }
    for equation in equations {
      guard let found = cycle(from: equation.name), let first = found.first else { continue }
      let index = equations.firstIndex { $0.name == first } ?? 0
      let circle = (found + [first]).joined(separator: " → ")
      throw CellFormulaFinding(
        .equation(index), "\(first) needs itself within the same step: \(circle)",
        "Use a state before the step (without prime) at one of these places.")
    }
  }

  /// A state must be read, and so must the input.
  func checkRecurrence() throws(CellFormulaFinding) {
    guard formula.equations.contains(where: { !$0.term.statesUsed.isEmpty }) else {
      throw CellFormulaFinding(
        .state(0), "no equation reads a state: this is a feed-forward layer",
        "Use a state before the step, such as U_\(formula.states[0]) \(formula.states[0]).")
    }
    guard formula.equations.contains(where: { $0.term.nodes.contains(.input) }) else {
      throw CellFormulaFinding(
        .whole, "no equation reads the input x: the output is the same for every sequence", "Use it, such as W_h x.")
    }
  }

  /// Everything must reach the output, now or at a later step: what does not has no gradient.
  func checkUse() throws(CellFormulaFinding) {
    var terms: [String: Term] = [:]
    for equation in formula.equations { terms[equation.name] = equation.term }
    var reached: Set<String> = [formula.output]
    var statesRead: Set<String> = []
    var waiting = [formula.output]
    while let name = waiting.popLast() {
      guard let term = terms[name] else { continue }
      statesRead.formUnion(term.statesUsed)
      for next in term.valuesUsed + term.statesUsed.map(FormulaNames.primed) where reached.insert(next).inserted {
        waiting.append(next)
      }
    }
    for (index, state) in formula.states.enumerated() where !statesRead.contains(state) {
      let isRead = formula.equations.contains { $0.term.statesUsed.contains(state) }
      throw isRead
        ? CellFormulaFinding(.state(index), "the state \(state) has no effect on the output \(formula.output)")
        : CellFormulaFinding(
          .state(index), "the state \(state) is updated and never read",
          "Read it, or make \(state)' a value without state: \(state) = ….")
    }
    for (index, name) in formula.equations.map(\.name).enumerated() where !reached.contains(name) {
      let isUsed = formula.equations.contains { $0.term.valuesUsed.contains(name) }
      throw CellFormulaFinding(
        .equation(index),
        isUsed
          ? "\(name) has no effect on the output \(formula.output)" : "\(name) is computed and never used",
        "Use it or remove its equation.")
    }
  }
}
