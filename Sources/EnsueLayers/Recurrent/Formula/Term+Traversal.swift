// Walking through terms and replacing parts of them. All of it recurses as deep as the term, which the checks bound.

extension Term {
  /// The terms this one is made of, from left to right.
  package var children: [Term] {
    switch self {
    case .input, .state, .value, .parameter, .constant, .mask, .noise: []
    case .map(_, let argument), .function(_, let argument): [argument]
    case .operation(_, let left, let right): [left, right]
    }
  }

  /// This term and all within, each before its parts, from left to right: the order of the text.
  package var nodes: [Term] {
    var found: [Term] = []
    collect(into: &found)
    return found
  }

  private func collect(into found: inout [Term]) {
    found.append(self)
    for child in children { child.collect(into: &found) }
  }

  /// The same term with each of its parts changed.
  func mappingChildren(_ change: (Term) -> Term) -> Term {
    switch self {
    case .input, .state, .value, .parameter, .constant, .mask, .noise: self
    case .map(let name, let argument): .map(name, change(argument))
    case .function(let function, let argument): .function(function, change(argument))
    case .operation(let operation, let left, let right): .operation(operation, change(left), change(right))
    }
  }

  /// Every occurrence of `term` replaced by `other`.
  func replacing(_ term: Term, with other: Term) -> Term {
    self == term ? other : mappingChildren { $0.replacing(term, with: other) }
  }

  /// Counts the nodes into `count`; false as soon as there are more than `nodes`, or the term is higher than `levels`.
  /// Stops there, so that a term which shares its parts a thousandfold costs nothing.
  func fits(levels: Int, nodes limit: Int, count: inout Int) -> Bool {
    count += 1
    guard levels > 0, count <= limit else { return false }
    return children.allSatisfy { $0.fits(levels: levels - 1, nodes: limit, count: &count) }
  }

  /// The operand of a minus sign: z for `-z`, which stands for 0 - z.
  var negated: Term? {
    guard case .operation(.subtract, .constant(0), let operand) = self else { return nil }
    if case .constant = operand { return nil }
    return operand
  }
}
