// A term with the places its parts came from, while it is being read.

/// A term and, for each of its nodes in the order of `Term.nodes`, the token it came from.
struct FormulaExpression {
  let term: Term
  let tokens: [FormulaToken]
  /// Nodes from the root to the farthest leaf.
  let levels: Int

  init(_ term: Term, _ token: FormulaToken) {
    self.term = term
    tokens = [token]
    levels = 1
  }

  /// A function, or a map.
  init(_ term: Term, _ token: FormulaToken, of argument: FormulaExpression) {
    self.term = term
    tokens = [token] + argument.tokens
    levels = argument.levels + 1
  }

  init(_ operation: CellOperator, _ token: FormulaToken, _ left: FormulaExpression, _ right: FormulaExpression) {
    term = .operation(operation, left.term, right.term)
    tokens = [token] + left.tokens + right.tokens
    levels = max(left.levels, right.levels) + 1
  }
}
