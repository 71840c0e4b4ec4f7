// Variational dropout of the recurrence as a rewrite of any cell (Gal and Ghahramani 2016).

import EnsueFiles

extension CellFormula {
  /// Variational dropout of the recurrence (Gal and Ghahramani 2016): in what the maps of states (`U_`) are applied to,
  /// every state h becomes m_h ⊙ h, with a mask drawn once a sequence. One mask for each state.
  /// - Throws: `Failure` when the formula has masks already, when no `U_` map reads a state, or when one reads it
  ///   through a value, where it has no mask: q = r ⊙ h and then U_h q.
  public func droppingRecurrence() throws(Failure) -> CellFormula {
    let hasMasks = equations.contains { $0.term.nodes.contains { if case .mask = $0 { true } else { false } } }
    guard !hasMasks else {
      throw Failure(.data, at: "recurrent dropout", "a formula without masks expected, found \(Failure.shown(text))")
    }
    var outer: [String: [String]] = [:]
    for equation in orderedEquations { outer[equation.name] = equation.term.statesReadUnmapped(through: outer) }
    for case .map(let map, let argument) in equations.flatMap(\.term.nodes) {
      for value in argument.unmappedNodes.compactMap(\.valueName) {
        guard let state = outer[value]?.first else { continue }
        throw Failure(
          .configuration, at: "recurrent dropout",
          "states within the maps that read them expected, found \(state) in \(value), which \(map) maps",
          advice: "Write \(map) (…) with what \(value) is.")
      }
    }
    let dropped = maskingMappedStates()
    guard dropped != self else {
      throw Failure(
        .configuration, at: "recurrent dropout", "a cell with a map of a state (U_…) expected, found none",
        advice: "There is nothing to drop; leave it out.")
    }
    return dropped
  }

  /// The same for any formula, without a word about states that get no mask.
  func maskingMappedStates() -> CellFormula {
    CellFormula(
      unchecked: states, equations.map { Equation($0.name, $0.term.maskingMappedStates(false)) }, output, firstValues)
  }
}

extension Term {
  /// Masks the states within the arguments of `U_` maps.
  fileprivate func maskingMappedStates(_ isMapped: Bool) -> Term {
    switch self {
    case .state(let name) where isMapped: .mask(FormulaNames.maskPrefix + name) * self
    case .map(let name, let argument): .map(name, argument.maskingMappedStates(argument != .input))
    case .input, .state, .value, .parameter, .constant, .mask, .noise, .function, .operation:
      mappingChildren { $0.maskingMappedStates(isMapped) }
    }
  }

  /// This term and its parts, but for what maps are applied to.
  fileprivate var unmappedNodes: [Term] {
    if case .map = self { [] } else { [self] + children.flatMap(\.unmappedNodes) }
  }

  /// The name of a value between; nil for anything else, new states among it: these are of this step.
  fileprivate var valueName: String? {
    if case .value(let name) = self, FormulaNames.stateUpdated(by: name) == nil { name } else { nil }
  }

  /// The states that are read outside of maps, in this term or in values.
  fileprivate func statesReadUnmapped(through values: [String: [String]]) -> [String] {
    var found: [String] = []
    for node in unmappedNodes {
      var states = node.valueName.flatMap { values[$0] } ?? []
      if case .state(let state) = node { states = [state] }
      found += states.filter { !found.contains($0) }
    }
    return found
  }
}
