// Rewrites: formulas made from formulas, for every cell alike. Each gives a new formula, so they can be applied one
// after another; `layerNormalised()` and `droppingRecurrence()` have files of their own.

import EnsueFiles

extension CellFormula {
  /// How much of its update a state takes over at a step.
  public enum Leak: Sendable, Equatable, Hashable {
    /// The same for every unit, above 0 and at most 1.
    case fixed(Double)
    /// σ(p_leak), learned for each unit, one half at first.
    case learned
  }

  /// Leaky integration (Jaeger 2001): the update h' = e of the output's state becomes h' = (1 - a) ⊙ h + a ⊙ e.
  ///
  /// The state after the step is the leaky one: wherever else the step uses h', it sees that.
  /// - Throws: `Failure` when the output is no state, or the leak is out of range.
  public func leaky(_ leak: Leak) throws(Failure) -> CellFormula {
    guard let state = FormulaNames.stateUpdated(by: output) else {
      throw Failure(
        .configuration, at: "leaky integration",
        "a cell whose output is a state expected, found the output \(output)")
    }
    var equations = equations
    guard let index = equations.firstIndex(where: { $0.name == output }) else { return self }
    var rate = Term.constant(1)
    switch leak {
    case .fixed(let value):
      guard value > 0, value <= 1 else {
        throw Failure(.configuration, at: "leaky integration", "a leak above 0 and at most 1 expected, found \(value)")
      }
      rate = .constant(value)
    case .learned:
      let name = unusedName("leak")
      rate = .value(name)
      equations.insert(Equation(name, sigmoid(.parameter(unusedName("p_leak")))), at: index)
    }
    let update = equations.firstIndex { $0.name == output } ?? index
    equations[update] = Equation(output, (1 - rate) * .state(state) + rate * equations[update].term)
    return try CellFormula(states: states, equations: equations, output: output, firstValues: firstValues)
  }

  /// Zoneout (Krueger et al. 2016): the update c' = e of every state becomes c' = n_c ⊙ c + (1 - n_c) ⊙ e, where the
  /// noise n_c, drawn at every step, is 1 for the units that keep their value.
  ///
  /// What else the step computes from c' sees e, the value before zoneout, as in the paper's LSTM; e is then named
  /// `new_c`. The output and the next step see the state after zoneout.
  /// - Throws: `Failure` when the formula has noise already.
  public func zoningOut() throws(Failure) -> CellFormula {
    try checkNoise()
    return zonedOut { .noise(FormulaNames.noisePrefix + $0) }
  }

  /// Zoneout at inference: the expectation, c' = z ⊙ c + (1 - z) ⊙ e.
  /// - Parameter expectation: z, the probability of keeping the value, by state; from 0 to 1. States without one, or
  ///   with 0, are left as they are.
  public func zoningOut(expectation: [String: Double]) throws(Failure) -> CellFormula {
    for state in expectation.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      guard states.contains(state) else {
        let near = Failure.nearest(to: state, among: states)
        throw Failure(
          .data, at: "zoneout", "a state of the cell expected, found \(Failure.shown(state))",
          advice: near.map { "Did you mean \($0)?" } ?? "")
      }
      guard let rate = expectation[state], rate >= 0, rate <= 1 else {
        throw Failure(.data, at: "zoneout", "a probability from 0 to 1 expected for \(state)")
      }
    }
    try checkNoise()
    return zonedOut { state in
      guard let rate = expectation[state], rate > 0 else { return nil }
      return .constant(rate)
    }
  }

  private func checkNoise() throws(Failure) {
    let hasNoise = equations.contains { $0.term.nodes.contains { if case .noise = $0 { true } else { false } } }
    guard !hasNoise else {
      throw Failure(.data, at: "zoneout", "a formula without noise expected, found \(Failure.shown(text))")
    }
  }

  /// Zoneout of any formula: what it adds has names of its own and may be beyond `Limits`, which are those of texts.
  /// - Parameter kept: the share of a state that stays; nil leaves the state alone.
  func zonedOut(_ kept: (String) -> Term?) -> CellFormula {
    states.reduce(self) { formula, state in kept(state).map { formula.keeping($0, of: state) } ?? formula }
  }

  private func keeping(_ share: Term, of state: String) -> CellFormula {
    let name = FormulaNames.primed(state)
    let isUsed = equations.contains { $0.term.valuesUsed.contains(name) }
    // The state's name comes last: m_new would be a mask's, W_new a map's.
    let fresh = unusedName("new_\(state)")
    let rewritten = equations.flatMap { equation -> [Equation] in
      guard equation.name == name else {
        return [Equation(equation.name, equation.term.replacing(.value(name), with: .value(fresh)))]
      }
      let update = isUsed ? Term.value(fresh) : equation.term
      let blended = Equation(name, share * .state(state) + (1 - share) * update)
      return isUsed ? [Equation(fresh, equation.term), blended] : [blended]
    }
    return CellFormula(unchecked: states, rewritten, output, firstValues)
  }

  /// `name`, shortened where it is too long for a name and numbered where it is taken.
  func unusedName(_ name: String, besides others: Set<String> = []) -> String {
    let taken = Set(states + equations.map(\.name) + equations.flatMap { $0.term.parameterNames }).union(others)
    var number = 1
    while true {
      let suffix = number == 1 ? "" : "_\(number)"
      var scalars = Array(name.unicodeScalars)
      while scalars.reduce(0, { $0 + UTF8.width($1) }) + suffix.utf8.count > FormulaNames.lengthLimit {
        scalars.removeLast()
      }
      var candidate = ""
      candidate.unicodeScalars.append(contentsOf: scalars)
      candidate += suffix
      if !taken.contains(candidate) { return candidate }
      number += 1
    }
  }
}
