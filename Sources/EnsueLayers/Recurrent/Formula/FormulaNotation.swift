// How terms are written, for every notation at once: where parentheses stand is decided here, what the signs look like
// by the notations (text, LaTeX, MathML).

/// The signs of a notation. Arguments are already written.
protocol FormulaNotation {
  /// Whether a division is a bar with its operands above and below, which need no parentheses.
  var writesFractions: Bool { get }
  /// x, a state, a value, a vector, a mask or noise.
  func symbol(_ term: Term) -> String
  /// A number that is not negative.
  func number(_ value: Double) -> String
  func map(_ name: String, _ argument: String) -> String
  /// The argument comes without parentheses.
  func function(_ function: CellFunction, _ argument: String) -> String
  func operation(_ operation: CellOperator, _ left: String, _ right: String) -> String
  func negation(_ operand: String) -> String
  func parentheses(_ inner: String) -> String
}

/// How tightly a written term holds together.
private enum Binding: Int, Comparable {
  case sum, product, negation, map, whole

  static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }

  /// That of an operand on the right, which must hold tighter: operators associate from the left.
  var tighter: Binding { Binding(rawValue: rawValue + 1) ?? .whole }
}

extension FormulaNotation {
  /// The term with no more parentheses than it needs to be read back as it is, and those around a minus sign
  /// that is not the first.
  func write(_ term: Term) -> String { write(term, .sum, isFirst: true) }

  /// - Parameters:
  ///   - minimum: how tightly the place asks the term to hold together.
  ///   - isFirst: whether a minus sign may stand here without parentheses.
  private func write(_ term: Term, _ minimum: Binding, isFirst: Bool) -> String {
    switch term {
    case .input, .state, .value, .parameter, .mask, .noise:
      return symbol(term)
    case .constant(let value) where value < 0:
      let text = negation(number(-value))
      return isFirst && minimum <= .negation ? text : parentheses(text)
    case .constant(let value):
      return number(abs(value))
    case .map(let name, let argument):
      let text = map(name, write(argument, .whole, isFirst: false))
      return minimum <= .map ? text : parentheses(text)
    case .function(let name, let argument):
      return function(name, write(argument))
    case .operation(let sign, let left, let right):
      if let operand = term.negated {
        let text = negation(write(operand, .map, isFirst: false))
        return isFirst && minimum <= .negation ? text : parentheses(text)
      }
      if sign == .divide, writesFractions { return operation(sign, write(left), write(right)) }
      let own: Binding = sign == .add || sign == .subtract ? .sum : .product
      let isWrapped = own < minimum
      let text = operation(
        sign, write(left, own, isFirst: isFirst || isWrapped), write(right, own.tighter, isFirst: false))
      return isWrapped ? parentheses(text) : text
    }
  }
}

/// A number as text: `0.5`, `1`, `1e-05`. Read back it is the same number.
func formulaNumber(_ value: Double) -> String {
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
