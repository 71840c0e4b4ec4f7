// Formulas made by a program instead of a text; the checks are the same.
//
//   let lstm = try CellFormula.build(states: ["h", "c"], output: "h'") { cell in
//     func gate(_ name: String) -> Term { cell.map("W_\(name)", cell.x) + cell.map("U_\(name)", cell["h"]) }
//     for name in ["i", "f", "o"] { cell[name] = sigmoid(gate(name) + cell.vector("b_\(name)")) }
//     cell["g"] = tanh(gate("g") + cell.vector("b_g"))
//     cell["c'"] = cell["f"] * cell["c"] + cell["i"] * cell["g"]
//     cell["h'"] = cell["o"] * tanh(cell["c'"])
//     cell.start("b_f", at: 1)
//   }

import EnsueFiles

/// Collects the equations of a cell.
public struct CellFormulaBuilder {
  private let states: [String]
  private var equations: [CellFormula.Equation] = []
  private var firstValues: [String: Double] = [:]

  init(states: [String]) { self.states = states }

  /// The input of the step.
  public var x: Term { .input }

  /// Reading gives a state before the step (`h`) or a value of the step (`i`, `c'`), also one that is defined later.
  /// Setting adds an equation: the definition of a value, or with a prime the update of a state.
  public subscript(name: String) -> Term {
    get { states.contains(name) ? .state(name) : .value(name) }
    set { equations.append(CellFormula.Equation(name, newValue)) }
  }

  /// A learned matrix applied to a term: `map("W_i", cell.x)`, `map("U_i", cell["h"])`.
  public func map(_ name: String, _ term: Term) -> Term { .map(name, term) }

  /// A learned vector: `p_…` to multiply with, `b_…` to add.
  public func vector(_ name: String) -> Term { .parameter(name) }

  /// Lets a vector begin at another value than 0; the last call for a name counts.
  public mutating func start(_ vector: String, at value: Double) { firstValues[vector] = value }

  func formula(output: String) throws(Failure) -> CellFormula {
    try CellFormula(states: states, equations: equations, output: output, firstValues: firstValues)
  }
}

extension CellFormula {
  /// Makes a formula from equations written in Swift.
  /// - Parameters:
  ///   - states: the states, without primes.
  ///   - output: the name of the value or new state that is the layer's output.
  ///   - define: sets the equations of the builder it is given.
  /// - Throws: `Failure` as `init(states:equations:output:firstValues:)`, or what `define` throws.
  public static func build(
    states: [String], output: String, _ define: (inout CellFormulaBuilder) throws -> Void
  ) throws -> CellFormula {
    var builder = CellFormulaBuilder(states: states)
    try define(&builder)
    return try builder.formula(output: output)
  }
}
