// Checks of one equation's right side: sizes, names, and what each kind of weight may be applied to.

import EnsueFiles

/// Finds what is wrong with the term of one equation.
struct CellFormulaTermCheck {
  private let states: [String]
  private let definitions: [String]
  private let equation: Int

  init(states: [String], definitions: [String], _ equation: Int) {
    self.states = states
    self.definitions = definitions
    self.equation = equation
  }

  /// - Parameter maps: the maps seen so far in the formula; those of this term are added.
  func run(_ term: Term, _ maps: inout Set<String>) throws(CellFormulaFinding) {
    var count = 0
    let limits = CellFormula.Limits.self
    guard term.fits(levels: limits.nesting, nodes: limits.nodes, count: &count) else {
      throw CellFormulaFinding(
        .equation(equation),
        "an equation of at most \(limits.nesting) levels and \(limits.nodes) parts expected, found more",
        "Give a part of it a name.")
    }
    for (index, node) in term.nodes.enumerated() {
      guard let flaw = flaw(in: node, &maps) else { continue }
      throw CellFormulaFinding(.term(equation: equation, node: index), flaw)
    }
  }

  private func flaw(in node: Term, _ maps: inout Set<String>) -> (problem: String, advice: String)? {
    switch node {
    case .input, .function: nil
    case .state(let name): states.contains(name) ? nil : unknown(name)
    case .value(let name): definitions.contains(name) ? nil : unknown(name)
    case .parameter(let name): flaw(inVector: name)
    case .map(let name, let argument): flaw(inMap: name, of: argument, &maps)
    case .constant(let number):
      Float(number).isFinite ? nil : ("a number that 32-bit arithmetic can hold expected, found \(number)", "")
    case .operation(.divide, _, .constant(0)): ("a divisor other than 0 expected, found 0", "")
    case .operation: nil
    case .mask(let name): flaw(inDraw: name, FormulaNames.maskPrefix)
    case .noise(let name): flaw(inDraw: name, FormulaNames.noisePrefix)
    }
  }

  private func flaw(inVector name: String) -> (problem: String, advice: String)? {
    if let flaw = FormulaNames.flaw(inParameter: name) { return flaw }
    guard let kind = CellParameterKind(nameOf: name), kind.isMap else { return nil }
    return ("\(name) is \(kind.phrase) and needs what it maps", "Write for example \(kind.example(name, states)).")
  }

  private func flaw(
    inMap name: String, of argument: Term, _ maps: inout Set<String>
  ) -> (problem: String, advice: String)? {
    if let flaw = FormulaNames.flaw(inParameter: name) { return flaw }
    let suffix = String(name.unicodeScalars.dropFirst(2))
    guard let kind = CellParameterKind(nameOf: name) else { return nil }
    switch kind {
    case .inputMap where argument != .input:
      return (
        "\(name) maps the input x, found \(Failure.shown(argument.description))",
        "A map of a state or a value is called U_\(suffix)."
      )
    case .stateMap where argument == .input:
      return ("\(name) maps a state or a value, found x", "A map of the input is called W_\(suffix).")
    case .stateMap where !argument.varies:
      return (
        "\(name) maps a state or a value, found \(Failure.shown(argument.description)), which is the same at every step",
        "Use a bias (b_\(suffix)) for what does not change."
      )
    case .diagonal, .bias:
      return (
        "\(name) is \(kind.phrase), not a map, and is applied to \(Failure.shown(argument.description))",
        "Write \(name) ⊙ …"
      )
    case .inputMap, .stateMap: break
    }
    guard maps.insert(name).inserted else {
      return (
        "\(name) appears twice, and a map is applied once", "Name the product and use the name, or use a second map."
      )
    }
    return nil
  }

  private func flaw(inDraw name: String, _ prefix: String) -> (problem: String, advice: String)? {
    let state = String(name.unicodeScalars.dropFirst(prefix.unicodeScalars.count))
    if name.hasScalarPrefix(prefix), states.contains(state) { return nil }
    return ("\(prefix) and the name of a state expected, found \(Failure.shown(name))", "")
  }

  private func unknown(_ name: String) -> (problem: String, advice: String) {
    if states.contains(name) {
      return ("\(name) is a state, not a value of the step", "Use it as a state, or \(name)' for its new value.")
    }
    if let base = FormulaNames.stateUpdated(by: name), definitions.contains(base) {
      return ("\(base) is a value of the step, not a state, and has no prime", "Write \(base).")
    }
    let names = states + definitions + [FormulaNames.input]
    return (
      "unknown name \(FormulaNames.shown(name))",
      FormulaNames.advice(about: name, among: names) ?? "Define it with an equation, or declare it as a state."
    )
  }
}

extension CellParameterKind {
  /// A use of a parameter of this kind, for advice.
  func example(_ name: String, _ states: [String]) -> String {
    let state = states.first ?? "h"
    return switch self {
    case .inputMap: "\(name) x"
    case .stateMap: "\(name) \(state)"
    case .diagonal: "\(name) ⊙ \(state)"
    case .bias: "… + \(name)"
    }
  }
}

extension Term {
  /// Whether anything in it can differ from step to step.
  var varies: Bool {
    switch self {
    case .input, .state, .value, .noise: true
    case .parameter, .constant, .mask: false
    case .map, .function, .operation: children.contains { $0.varies }
    }
  }
}
