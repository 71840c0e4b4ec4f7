// The checks that the parser, the builder and the rewrites share. `CellFormulaCheck` finds the first fault;
// the parser points at it in the text, the others say it without a place.

import EnsueFiles

extension CellFormula {
  /// The bounds on a formula. What dropout and zoneout of the recurrence add to one is not counted.
  public enum Limits {
    /// The size of a formula's text, in bytes.
    public static let textLength = 64 << 10
    /// How deep parentheses and terms may be nested.
    public static let nesting = 64
    /// States and intermediate values together.
    public static let values = 64
    public static let parameters = 256
    /// Names, numbers, functions and operators of one equation.
    public static let nodes = 4096
  }

  /// A formula from its parts, checked.
  /// - Parameters:
  ///   - states: the states in the order declared, without primes.
  ///   - equations: one for every state (`h'`) and every value (`i`), in any order.
  ///   - output: the name of the value or new state that is the layer's output.
  ///   - firstValues: what vectors begin with that do not begin at zero.
  /// - Throws: `Failure` of kind `data` for a formula that is no cell: an unknown name, a value defined twice or never
  ///   used, a cycle within a step, a map of the wrong thing, no recurrence, and so on.
  public init(
    states: [String], equations: [Equation], output: String, firstValues: [String: Double] = [:]
  ) throws(Failure) {
    let formula = CellFormula(unchecked: states, equations, output, firstValues)
    do { try CellFormulaCheck(formula).run() } catch { throw error.failure() }
    self = formula
  }
}

/// Finds what is wrong with a formula.
struct CellFormulaCheck {
  let formula: CellFormula
  private let states: Set<String>
  private let definitions: Set<String>

  init(_ formula: CellFormula) {
    self.formula = formula
    states = Set(formula.states)
    definitions = Set(formula.equations.map(\.name))
  }

  /// - Throws: the first fault in this order: names, terms, updates and output, first values, cycles, use.
  func run() throws(CellFormulaFinding) {
    try checkStates()
    try checkEquationNames()
    var maps: Set<String> = []
    for (index, equation) in formula.equations.enumerated() {
      let check = CellFormulaTermCheck(states: formula.states, definitions: formula.equations.map(\.name), index)
      try check.run(equation.term, &maps)
    }
    try checkUpdatesAndOutput()
    try checkFirstValues()
    try checkCycles()
    try checkRecurrence()
    try checkUse()
    try checkSize()
  }

  private func checkStates() throws(CellFormulaFinding) {
    guard !formula.states.isEmpty else {
      throw CellFormulaFinding(.whole, "at least one state expected, found none", "Declare it with: state h.")
    }
    var seen: Set<String> = []
    for (index, state) in formula.states.enumerated() {
      if let flaw = FormulaNames.flaw(inValue: state) { throw CellFormulaFinding(.state(index), flaw) }
      guard seen.insert(state).inserted else {
        throw CellFormulaFinding(.state(index), "\(state) is declared as a state twice", "Declare it once.")
      }
    }
  }

  private func checkEquationNames() throws(CellFormulaFinding) {
    var seen: Set<String> = []
    for (index, name) in formula.equations.map(\.name).enumerated() {
      let subject = CellFormulaFinding.Subject.equation(index)
      let state = FormulaNames.stateUpdated(by: name)
      if let flaw = FormulaNames.flaw(inValue: state ?? name) { throw CellFormulaFinding(subject, flaw) }
      if let state, !states.contains(state) {
        let near = state.utf8.count > 1 ? Failure.nearest(to: state, among: formula.states) : nil
        throw CellFormulaFinding(
          subject, "\(name) updates \(state), which is not declared as a state",
          near.map { "Did you mean \($0)'?" } ?? "Add \(state) to the line that begins with state.")
      }
      if states.contains(name) {
        throw CellFormulaFinding(
          subject, "\(name) is a state, the value before the step, and cannot be given a value",
          "Write \(name)' = … for the state after the step.")
      }
      guard seen.insert(name).inserted else {
        throw CellFormulaFinding(subject, "\(name) is defined twice", "Give the second another name.")
      }
    }
    let count = states.union(definitions.filter { FormulaNames.stateUpdated(by: $0) == nil }).count
    guard count <= CellFormula.Limits.values else {
      throw CellFormulaFinding(
        .equation(formula.equations.count - 1),
        "at most \(CellFormula.Limits.values) states and values expected, found \(count)")
    }
  }

  private func checkUpdatesAndOutput() throws(CellFormulaFinding) {
    for (index, state) in formula.states.enumerated() where !definitions.contains(FormulaNames.primed(state)) {
      throw CellFormulaFinding(
        .state(index), "the state \(state) has no update", "Add an equation \(state)' = ….")
    }
    let output = formula.output
    guard !definitions.contains(output) else { return }
    if states.contains(output) {
      throw CellFormulaFinding(
        .output, "\(output) is the state before the step and cannot be the output", "Write output \(output)'.")
    }
    throw CellFormulaFinding(
      .output, "unknown output \(FormulaNames.shown(output))",
      FormulaNames.advice(about: output, among: formula.equations.map(\.name))
        ?? "The output is a value or a new state.")
  }

  private func checkFirstValues() throws(CellFormulaFinding) {
    let parameters = formula.parameters
    for name in formula.firstValues.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let subject = CellFormulaFinding.Subject.firstValue(name)
      let kind = CellParameterKind(nameOf: name)
      guard let kind, !kind.isMap else {
        throw CellFormulaFinding(
          subject,
          "a vector (p_…, b_…) expected before starts at, found \(kind == nil ? "" : "the map ")"
            + FormulaNames.shown(name), kind == nil ? "" : "Maps begin as the initializer says.")
      }
      guard parameters.contains(where: { $0.name == name }) else {
        let vectors = parameters.filter { !$0.kind.isMap }.map(\.name)
        throw CellFormulaFinding(
          subject, "no equation uses the vector \(FormulaNames.shown(name)), which is given a first value",
          FormulaNames.advice(about: name, among: vectors) ?? "")
      }
      guard let value = formula.firstValues[name], Float(value).isFinite else {
        throw CellFormulaFinding(subject, "a first value that 32-bit arithmetic can hold expected for \(name)")
      }
    }
  }

  private func checkSize() throws(CellFormulaFinding) {
    let count = formula.parameters.count
    guard count <= CellFormula.Limits.parameters else {
      throw CellFormulaFinding(
        .whole, "at most \(CellFormula.Limits.parameters) maps and vectors expected, found \(count)")
    }
    guard formula.text.utf8.count <= CellFormula.Limits.textLength else {
      throw CellFormulaFinding(.whole, "a formula of at most \(CellFormula.Limits.textLength) bytes expected")
    }
  }
}
