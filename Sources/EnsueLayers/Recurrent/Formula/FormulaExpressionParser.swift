// The right side of an equation, by precedence climbing:
//   expression := unary (operator unary)*          ⊙ and / before + and -, from the left
//   unary      := "-" unary | primary
//   primary    := number | name | function "(" expression ")" | "(" expression ")" | map primary

import EnsueFiles

/// Reads one expression from the tokens of a statement.
struct FormulaExpressionParser {
  private let tokens: [FormulaToken]
  private let source: FormulaSource
  private let states: Set<String>
  /// The names with an equation, for better messages.
  private let definitions: Set<String>
  private(set) var position: Int
  /// Open recursions of any kind, and open parentheses.
  private var depth = 0
  private var parentheses = 0

  init(
    _ tokens: [FormulaToken], from position: Int, in source: FormulaSource, states: Set<String>,
    definitions: Set<String>
  ) {
    self.tokens = tokens
    self.position = position
    self.source = source
    self.states = states
    self.definitions = definitions
  }

  private var current: FormulaToken? { position < tokens.count ? tokens[position] : nil }
  private var following: FormulaToken? { position + 1 < tokens.count ? tokens[position + 1] : nil }
  /// The token before the current one: where the fault is when the statement ends too early.
  private var previous: FormulaToken { tokens[max(0, position - 1)] }
  /// Whether `b_f starts at 1` begins here.
  private var isAtFirstValue: Bool { current?.kind == .name && following?.isWord("starts") == true }

  /// The expression up to the end of the statement, or to a clause `b_f starts at 1`.
  mutating func parse() throws(Failure) -> FormulaExpression {
    let expression = try expression(1)
    guard let token = current, !isAtFirstValue else { return expression }
    if token.kind == .closing {
      throw failure(token, "an open parenthesis expected before ), found none", "Remove it.")
    }
    throw unexpected("an operator or the end of the line")
  }

  private func failure(_ token: FormulaToken, _ problem: String, _ advice: String = "") -> Failure {
    source.failure(line: token.line, column: token.column, problem, advice)
  }

  /// The failure for a token that does not fit, or for the end of the statement.
  private func unexpected(_ expected: String, _ advice: String = "") -> Failure {
    guard let token = current else {
      return failure(
        previous, "\(expected) expected after \(Failure.shown(previous.text)), found the end of the line", advice)
    }
    if case .stray(let problem, let advice) = token.kind { return failure(token, problem, advice) }
    if token.kind == .equals {
      return failure(token, "\(expected) expected, found a second =", "Write one equation a line.")
    }
    return failure(token, "\(expected) expected, found \(Failure.shown(token.text))", advice)
  }

  private static func precedence(_ operation: CellOperator) -> Int {
    switch operation {
    case .add, .subtract: 1
    case .multiply, .divide: 2
    }
  }

  private mutating func expression(_ minimum: Int) throws(Failure) -> FormulaExpression {
    var left = try unary()
    while let token = current, case .operation(let operation) = token.kind {
      let precedence = FormulaExpressionParser.precedence(operation)
      guard precedence >= minimum else { break }
      position += 1
      let right = try expression(precedence + 1)
      left = try bounded(FormulaExpression(operation, token, left, right), token)
    }
    if let token = current, token.beginsTerm, !isAtFirstValue { throw missingOperator(before: token) }
    return left
  }

  private func bounded(_ expression: FormulaExpression, _ token: FormulaToken) throws(Failure) -> FormulaExpression {
    guard expression.levels <= CellFormula.Limits.nesting else { throw tooDeep(token) }
    return expression
  }

  private func tooDeep(_ token: FormulaToken) -> Failure {
    failure(
      token, "at most \(CellFormula.Limits.nesting) levels of terms expected, found more", "Give a part of it a name.")
  }

  private mutating func unary() throws(Failure) -> FormulaExpression {
    guard let token = current, token.kind == .operation(.subtract) else { return try primary() }
    position += 1
    if let number = current, case .number(let value) = number.kind {
      position += 1
      return FormulaExpression(.constant(-value), token)
    }
    let operand = try nested(token) { (parser: inout FormulaExpressionParser) throws(Failure) in try parser.unary() }
    return try bounded(
      FormulaExpression(.subtract, token, FormulaExpression(.constant(0), token), operand), token)
  }

  /// Recurses, within the bound.
  private mutating func nested(
    _ token: FormulaToken, _ read: (inout FormulaExpressionParser) throws(Failure) -> FormulaExpression
  ) throws(Failure) -> FormulaExpression {
    guard depth < 2 * CellFormula.Limits.nesting else { throw tooDeep(token) }
    depth += 1
    defer { depth -= 1 }
    return try read(&self)
  }

  private mutating func primary() throws(Failure) -> FormulaExpression {
    guard let token = current else { throw unexpected("a term") }
    switch token.kind {
    case .number(let value):
      position += 1
      return FormulaExpression(.constant(value), token)
    case .opening:
      return try parenthesised()
    case .name:
      return try named(token)
    case .closing where previous.kind == .opening:
      throw failure(token, "a term expected between the parentheses, found none")
    case .operation(let operation) where operation != .subtract:
      throw unexpected("a term", position == tokens.count - 1 ? "" : "\(token.text) stands between two terms.")
    case .operation, .closing, .comma, .equals, .stray:
      throw unexpected("a term")
    }
  }

  private mutating func parenthesised() throws(Failure) -> FormulaExpression {
    let opening = tokens[position]
    guard parentheses < CellFormula.Limits.nesting else {
      throw failure(
        opening, "at most \(CellFormula.Limits.nesting) open parentheses expected, found more",
        "Give a part of it a name.")
    }
    parentheses += 1
    defer { parentheses -= 1 }
    position += 1
    let inner = try nested(opening) { (parser: inout FormulaExpressionParser) throws(Failure) in
      try parser.expression(1)
    }
    guard let token = current else { throw failure(opening, "this parenthesis is never closed", "Add a ).") }
    guard token.kind == .closing else {
      if isAtFirstValue { throw failure(opening, "this parenthesis is never closed", "Add a ).") }
      throw unexpected("an operator or )")
    }
    position += 1
    return inner
  }

  private mutating func named(_ token: FormulaToken) throws(Failure) -> FormulaExpression {
    position += 1
    let name = token.text
    let base = FormulaNames.stateUpdated(by: name)
    if let function = FormulaNames.function(named: base ?? name) {
      if base != nil { throw failure(token, "a function without a prime expected, found \(name)") }
      return try applied(function, token)
    }
    if base == nil, name == FormulaNames.input { return FormulaExpression(.input, token) }
    if FormulaNames.words.contains(base ?? name) {
      throw failure(token, "a term expected, found \(name), a word of the language", "Choose another name.")
    }
    if let kind = CellParameterKind(nameOf: name) { return try parameter(kind, token) }
    for prefix in [FormulaNames.maskPrefix, FormulaNames.noisePrefix] where name.hasScalarPrefix(prefix) {
      throw failure(
        token, "masks and noise cannot be written in a formula, found \(name)",
        "They are made by the options of training.")
    }
    if base == FormulaNames.input {
      throw failure(token, "x has no value after the step, found \(name)", "Write x.")
    }
    return FormulaExpression(states.contains(name) ? .state(name) : .value(name), token)
  }

  private mutating func applied(_ function: CellFunction, _ token: FormulaToken) throws(Failure) -> FormulaExpression {
    guard current?.kind == .opening else {
      let found = current.flatMap { $0.beginsTerm ? $0.text : nil }
      throw failure(
        token,
        "parentheses expected after the function \(token.text), found "
          + (current.map { Failure.shown($0.text) } ?? "the end of the line"), "Write \(token.text)(\(found ?? "…")).")
    }
    let argument = try parenthesised()
    return try bounded(FormulaExpression(.function(function, argument.term), token, of: argument), token)
  }

  private mutating func parameter(_ kind: CellParameterKind, _ token: FormulaToken) throws(Failure) -> FormulaExpression
  {
    let name = token.text
    if FormulaNames.stateUpdated(by: name) != nil {
      throw failure(token, "a weight without a prime expected, found \(name)", "Only states are primed.")
    }
    if let flaw = FormulaNames.flaw(inParameter: name) { throw failure(token, flaw.problem, flaw.advice) }
    guard kind.isMap else { return FormulaExpression(.parameter(name), token) }
    guard let next = current, next.beginsTerm, !isAtFirstValue else {
      if let next = current, case .stray = next.kind { throw unexpected("") }
      let found = current.map { Failure.shown($0.text) } ?? "the end of the line"
      throw failure(
        token, "\(name) is \(kind.phrase) and stands before what it maps, found \(found)",
        "Write for example \(kind.example(name, states.count == 1 ? Array(states) : [])).")
    }
    let argument = try nested(token) { (parser: inout FormulaExpressionParser) throws(Failure) in try parser.primary() }
    return try bounded(FormulaExpression(.map(name, argument.term), token, of: argument), token)
  }

  /// Two terms stand side by side: say what was probably meant.
  private func missingOperator(before token: FormulaToken) -> Failure {
    let left = previous
    guard left.kind == .name else {
      return failure(
        token, "an operator expected between \(left.text) and \(token.text), found none", "The product is written ⊙.")
    }
    let name = left.text
    if let kind = CellParameterKind(nameOf: name), !kind.isMap {
      let sign = kind == .bias ? CellOperator.add.rawValue : "⊙"
      return failure(
        left, "\(name) is \(kind.phrase), not a map, and is applied to \(Failure.shown(token.text))",
        "Write \(name) \(sign) \(token.kind == .opening ? "(…)" : token.text).")
    }
    let isKnown = name == FormulaNames.input || states.contains(name) || definitions.contains(name)
    if !isKnown, token.kind == .opening {
      let names = FormulaNames.functions.map(\.name)
      let near = Failure.nearest(to: name, among: names).map { "Did you mean \($0)?" }
      return failure(
        left, "unknown function \(name)",
        near ?? "The functions are \(CellFunction.allCases.map(\.symbol).joined(separator: ", ")).")
    }
    if !isKnown, !name.hasScalarPrefix("W_"), !name.hasScalarPrefix("U_") {
      return failure(
        left, "unknown name \(name), applied to \(Failure.shown(token.text))",
        "A map of the input is called W_…, a map of a state U_….")
    }
    return failure(
      token, "an operator expected between \(name) and \(token.text), found none",
      token.kind == .name ? "Write \(name) ⊙ \(token.text) for the product." : "The product is written ⊙.")
  }
}
