// A recurrent cell as its equations: what the text, the builder and the rewrites make, and what the planner reads.
// The text form is read by `CellFormulaParser`; the checks that every source shares are in `CellFormula+Checks.swift`.

/// A recurrent cell as equations over typed terms.
public struct CellFormula: Sendable, Equatable, Hashable {
  /// `name = term`: a named value of each step, or with a prime (`h'`) a state after the step.
  public struct Equation: Sendable, Equatable, Hashable {
    public let name: String
    public let term: Term

    public init(_ name: String, _ term: Term) { (self.name, self.term) = (name, term) }
  }

  /// The states in the order declared.
  public let states: [String]
  /// As written; every value may be used before or after its line. Acyclic, every state updated once.
  public let equations: [Equation]
  /// The name of the value or new state that is the layer's output: `h'`.
  public let output: String
  /// First values of vectors that do not begin at zero: `b_f starts at 1`.
  public let firstValues: [String: Double]

  /// For parts that are about to be checked; everything else goes through the initialiser that throws.
  init(unchecked states: [String], _ equations: [Equation], _ output: String, _ firstValues: [String: Double]) {
    self.states = states
    self.equations = equations
    self.output = output
    self.firstValues = firstValues
  }
}
