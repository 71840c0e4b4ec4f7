// Which lines belong together.

/// The tokens of one statement, from one line or several.
struct FormulaStatement {
  /// Never empty.
  private(set) var tokens: [FormulaToken] = []
  /// How many parentheses are open at the end.
  private var depth = 0

  private init(_ tokens: [FormulaToken]) { append(tokens) }

  private mutating func append(_ more: [FormulaToken]) {
    for token in more {
      if token.kind == .opening { depth += 1 }
      if token.kind == .closing { depth = max(0, depth - 1) }
    }
    tokens += more
  }

  /// The statements of a text. A line continues the one before when that ends in an operator, `=` or a comma or has an
  /// open parenthesis, or when it begins with white space and an operator. A line that can only be a statement of its
  /// own never continues another, so that a parenthesis left open is not blamed on the next line.
  static func statements(in source: FormulaSource) -> [FormulaStatement] {
    var statements: [FormulaStatement] = []
    for (number, scalars) in source.lines.enumerated() {
      let tokens = FormulaLexer.tokens(of: scalars, line: number)
      guard let first = tokens.first else { continue }
      if let last = statements.indices.last, statements[last].isContinued(by: tokens, isIndented: first.column > 0) {
        statements[last].append(tokens)
      } else {
        statements.append(FormulaStatement(tokens))
      }
    }
    return statements
  }

  private func isContinued(by next: [FormulaToken], isIndented: Bool) -> Bool {
    if FormulaStatement.beginsStatement(next) { return false }
    if isIndented, case .operation = next[0].kind { return true }
    switch tokens[tokens.count - 1].kind {
    case .operation, .equals, .comma: return true
    case .name, .number, .opening, .closing, .stray: break
    }
    return depth > 0
  }

  private static func beginsStatement(_ tokens: [FormulaToken]) -> Bool {
    if tokens[0].isWord("state") || tokens[0].isWord("output") { return true }
    guard tokens.count > 1, tokens[0].kind == .name else { return false }
    return tokens[1].kind == .equals || tokens[1].isWord("starts")
  }
}
