// A formula's text to a formula: statements here, expressions in `FormulaExpressionParser`, meaning in
// `CellFormulaCheck`, whose findings are given their place in the text here.

import EnsueFiles

/// Reads the statements of a formula.
struct CellFormulaParser {
  private let source: FormulaSource
  private let statements: [FormulaStatement]
  private var states: [FormulaToken] = []
  private var equations: [(name: FormulaToken, expression: FormulaExpression)] = []
  private var output: FormulaToken?
  private var firstValues: [String: Double] = [:]
  private var firstValueTokens: [String: FormulaToken] = [:]
  private var definitions: Set<String> = []

  init(_ text: String, name: String) throws(Failure) {
    guard text.utf8.count <= CellFormula.Limits.textLength else {
      throw Failure(
        .data, at: name,
        "a formula of at most \(CellFormula.Limits.textLength) bytes expected, found \(text.utf8.count)")
    }
    source = FormulaSource(text, name: name)
    statements = FormulaStatement.statements(in: source)
  }

  mutating func parse() throws(Failure) -> CellFormula {
    guard let first = statements.first, let last = statements.last else {
      throw Failure(
        .data, at: "\(source.name):1", "the equations of a cell expected, found none",
        advice: "Begin with a line such as: state h.")
    }
    try collectNames()
    for statement in statements { try read(statement.tokens) }
    guard let output else {
      throw failure(last.tokens[0], "a line with the output expected, found none", "Add for example: \(outputExample).")
    }
    let formula = CellFormula(
      unchecked: states.map(\.text), equations.map { .init($0.name.text, $0.expression.term) }, output.text,
      firstValues)
    do { try CellFormulaCheck(formula).run() } catch {
      throw failure(place(of: error.subject, first.tokens[0]), error.problem, error.advice)
    }
    return formula
  }

  private var outputExample: String { "output \(FormulaNames.primed(states.first?.text ?? "h"))" }

  private func failure(_ token: FormulaToken, _ problem: String, _ advice: String = "") -> Failure {
    source.failure(line: token.line, column: token.column, problem, advice)
  }

  private func place(of subject: CellFormulaFinding.Subject, _ first: FormulaToken) -> FormulaToken {
    switch subject {
    case .whole: first
    case .state(let index): states[index]
    case .equation(let index): equations[index].name
    case .term(let equation, let node): equations[equation].expression.tokens[node]
    case .output: output ?? first
    case .firstValue(let name): firstValueTokens[name] ?? first
    }
  }

  /// Finds the states, which tell states from values in expressions wherever they are declared, and the names defined.
  private mutating func collectNames() throws(Failure) {
    for tokens in statements.map(\.tokens) {
      if tokens[0].isWord("state"), tokens.count < 2 || tokens[1].kind != .equals {
        try readStates(tokens)
      } else if tokens.count > 1, tokens[0].kind == .name, tokens[1].kind == .equals {
        definitions.insert(tokens[0].text)
      }
    }
  }

  private mutating func read(_ tokens: [FormulaToken]) throws(Failure) {
    let first = tokens[0]
    let second = tokens.count > 1 ? tokens[1] : nil
    switch first.kind {
    case .name where second?.kind == .equals: try readEquation(tokens)
    case .name where first.text == "state": break
    case .name where first.text == "output": try readOutput(tokens)
    case .name where second?.isWord("starts") == true: try readFirstValues(tokens, from: 0)
    case .name: throw missingEquals(first, second)
    case .operation:
      throw failure(
        first, "a statement expected, found \(Failure.shown(first.text))",
        "Indent a line that continues the one above.")
    case .stray(let problem, let advice): throw failure(first, problem, advice)
    case .number, .opening, .closing, .comma, .equals:
      throw failure(
        first, "state, output or the name of a value expected, found \(Failure.shown(first.text))")
    }
  }

  private func missingEquals(_ first: FormulaToken, _ second: FormulaToken?) -> Failure {
    if let second, case .stray(let problem, let advice) = second.kind { return failure(second, problem, advice) }
    let near = ["state", "states", "output", "outputs"].first { $0 == first.text.lowercased() }
    let keyword = near.map { $0.hasPrefix("s") ? "state" : "output" }
    let found = second.map { Failure.shown($0.text) } ?? "the end of the line"
    return failure(
      second ?? first, "= expected after \(first.text), found \(found)",
      keyword.map { "Did you mean \($0)?" } ?? "An equation is written \(first.text) = ….")
  }

  /// `state h, c`
  private mutating func readStates(_ tokens: [FormulaToken]) throws(Failure) {
    var expectsName = true
    for token in tokens.dropFirst() {
      switch token.kind {
      case .stray(let problem, let advice): throw failure(token, problem, advice)
      case .name where expectsName:
        if let base = FormulaNames.stateUpdated(by: token.text) {
          throw failure(token, "a state without prime expected, found \(token.text)", "Write \(base).")
        }
        if let flaw = FormulaNames.flaw(inValue: token.text) { throw failure(token, flaw.problem, flaw.advice) }
        states.append(token)
      case .comma where !expectsName: break
      case .name, .number, .operation, .opening, .closing, .comma, .equals:
        throw failure(
          token, "\(expectsName ? "the name of a state" : "a comma") expected, found \(Failure.shown(token.text))")
      }
      expectsName.toggle()
    }
    if expectsName {
      let last = tokens[tokens.count - 1]
      throw failure(last, "the name of a state expected after \(Failure.shown(last.text)), found the end of the line")
    }
    guard states.count <= CellFormula.Limits.values else {
      throw failure(
        tokens[0], "at most \(CellFormula.Limits.values) states expected, found \(states.count)")
    }
  }

  /// `output h'`
  private mutating func readOutput(_ tokens: [FormulaToken]) throws(Failure) {
    guard tokens.count > 1 else {
      throw failure(tokens[0], "a name expected after output, found the end of the line", "Write \(outputExample).")
    }
    for token in tokens {
      if case .stray(let problem, let advice) = token.kind { throw failure(token, problem, advice) }
    }
    guard tokens[1].kind == .name else {
      throw failure(tokens[1], "a name expected after output, found \(Failure.shown(tokens[1].text))")
    }
    guard tokens.count == 2 else {
      throw failure(
        tokens[2], "one output expected, found \(Failure.shown(tokens[2].text)) after it",
        "A cell has one output; its states can be read by name.")
    }
    if output != nil {
      throw failure(tokens[0], "one output expected, found a second", "A cell has one output.")
    }
    output = tokens[1]
  }

  /// `i = σ(W_i x + U_i h + b_i)    b_i starts at 1`
  private mutating func readEquation(_ tokens: [FormulaToken]) throws(Failure) {
    let name = tokens[0]
    if let flaw = FormulaNames.flaw(inValue: FormulaNames.stateUpdated(by: name.text) ?? name.text) {
      throw failure(name, flaw.problem, flaw.advice)
    }
    guard tokens.count > 2 else {
      throw failure(tokens[1], "a term expected after =, found the end of the line")
    }
    guard equations.count < 2 * CellFormula.Limits.values else {
      throw failure(name, "at most \(CellFormula.Limits.values) states and values expected, found more")
    }
    var parser = FormulaExpressionParser(
      tokens, from: 2, in: source, states: Set(states.map(\.text)), definitions: definitions)
    let expression = try parser.parse()
    equations.append((name, expression))
    try readFirstValues(tokens, from: parser.position)
  }

  /// `b_f starts at 1`, as often as there is more.
  private mutating func readFirstValues(_ tokens: [FormulaToken], from start: Int) throws(Failure) {
    var position = start
    while position < tokens.count {
      position = try readFirstValue(tokens, at: position)
      guard position < tokens.count else { return }
      if tokens[position].kind == .comma {
        position += 1
        guard position < tokens.count else {
          throw failure(tokens[position - 1], "another first value expected after the comma, found the end of the line")
        }
      }
    }
  }

  /// - Returns: the position after the clause.
  private mutating func readFirstValue(_ tokens: [FormulaToken], at start: Int) throws(Failure) -> Int {
    let vector = tokens[start]
    if case .stray(let problem, let advice) = vector.kind { throw failure(vector, problem, advice) }
    guard vector.kind == .name, start + 1 < tokens.count, tokens[start + 1].isWord("starts") else {
      throw failure(
        vector, "the end of the line or another first value expected, found \(Failure.shown(vector.text))",
        "Write for example b_f starts at 1.")
    }
    var position = start + 1
    /// The next token; a failure at the last one where there is none.
    func next(_ expected: String) throws(Failure) -> FormulaToken {
      position += 1
      guard position < tokens.count else {
        let last = tokens[tokens.count - 1]
        throw failure(last, "\(expected) expected after \(Failure.shown(last.text)), found the end of the line")
      }
      if case .stray(let problem, let advice) = tokens[position].kind {
        throw failure(tokens[position], problem, advice)
      }
      return tokens[position]
    }
    let word = try next("at")
    guard word.isWord("at") else {
      throw failure(word, "at expected after starts, found \(Failure.shown(word.text))", "Write starts at 1.")
    }
    var token = try next("a number")
    let isNegative = token.kind == .operation(.subtract)
    if isNegative { token = try next("a number") }
    guard case .number(let magnitude) = token.kind else {
      throw failure(token, "a number expected after starts at, found \(Failure.shown(token.text))")
    }
    if firstValues[vector.text] != nil {
      throw failure(vector, "\(vector.text) is given a first value twice", "Give it once.")
    }
    firstValues[vector.text] = isNegative ? -magnitude : magnitude
    firstValueTokens[vector.text] = vector
    return position + 1
  }
}
