// What a check found, before it is known where in a text that stands.

import EnsueFiles

/// A fault of a formula and the part it lies in.
struct CellFormulaFinding: Error {
  /// The part of the formula a finding is about.
  enum Subject {
    /// All of it: something is missing.
    case whole
    /// The declaration of a state.
    case state(Int)
    /// The name on the left of an equation.
    case equation(Int)
    /// A term of an equation, by its place in `Term.nodes`.
    case term(equation: Int, node: Int)
    case output
    case firstValue(String)
  }

  let subject: Subject
  let problem: String
  let advice: String

  init(_ subject: Subject, _ problem: String, _ advice: String = "") {
    self.subject = subject
    self.problem = problem
    self.advice = advice
  }

  init(_ subject: Subject, _ flaw: (problem: String, advice: String)) {
    self.init(subject, flaw.problem, flaw.advice)
  }

  /// The failure for a formula that has no text.
  func failure(at place: String = "cell formula") -> Failure { Failure(.data, at: place, problem, advice: advice) }
}
