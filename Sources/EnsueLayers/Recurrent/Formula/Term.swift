// The terms of a cell's equations. A term is a vector of the cell's units at one step of one sequence, except the
// input itself, which has the input's width.

/// An expression in a cell's equations.
public indirect enum Term: Sendable, Equatable, Hashable {
  /// x, the input of the step. Inside a map of the input it has the input's width; anywhere else it must have the
  /// width of the units, so that a bare x is projected by a map of its own (`W_x`) where the widths differ.
  case input
  /// A state before the step: `h`.
  case state(String)
  /// A value of this step: a named intermediate value (`i`), or a state after the step (`c'`, with the prime).
  case value(String)
  /// A learned vector: `p_i`, `b_i`. [hidden]
  case parameter(String)
  /// A learned matrix applied to a term: `W_i x` [hidden, input], `U_i h` [hidden, hidden].
  case map(String, Term)
  /// The same number in every unit.
  case constant(Double)
  /// A function of each unit, or of all units of a row.
  case function(CellFunction, Term)
  /// Two terms, unit by unit.
  case operation(CellOperator, Term, Term)
  /// Drawn once a sequence, the same at every step: a mask of variational dropout. Made by rewrites only.
  case mask(String)
  /// Drawn at every step: zoneout. Made by rewrites only.
  case noise(String)
}

/// The functions a formula can use. The raw value is the name in the text; `symbol` is how it is printed.
public enum CellFunction: String, Sendable, CaseIterable {
  case sigmoid
  case tanh
  case relu
  case softplus
  case exp
  case log
  /// (v − mean(v)) / √(variance(v) + 10⁻⁵) over the units of the row (Ba, Kiros and Hinton 2016).
  case norm

  public var symbol: String { self == .sigmoid ? "σ" : rawValue }
}

/// The operations between two terms, unit by unit. The raw value is the ASCII spelling.
public enum CellOperator: String, Sendable, CaseIterable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
}
