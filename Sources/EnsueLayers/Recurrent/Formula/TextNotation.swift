// The notation of formula files, with ⊙, σ and − or in ASCII.

/// What the parser reads.
struct TextNotation: FormulaNotation {
  /// Whether signs are ASCII; names stay what they are.
  let isASCII: Bool

  let writesFractions = false

  func symbol(_ term: Term) -> String {
    switch term {
    case .input: FormulaNames.input
    case .state(let name), .value(let name), .parameter(let name), .mask(let name), .noise(let name): name
    case .map, .constant, .function, .operation: ""
    }
  }

  func number(_ value: Double) -> String { formulaNumber(value) }

  func map(_ name: String, _ argument: String) -> String { "\(name) \(argument)" }

  func function(_ function: CellFunction, _ argument: String) -> String {
    "\(isASCII ? function.rawValue : function.symbol)(\(argument))"
  }

  func operation(_ operation: CellOperator, _ left: String, _ right: String) -> String {
    let sign =
      switch operation {
      case .multiply where !isASCII: "⊙"
      case .subtract: minus
      case .add, .multiply, .divide: operation.rawValue
      }
    return "\(left) \(sign) \(right)"
  }

  func negation(_ operand: String) -> String { minus + operand }

  private var minus: String { isASCII ? CellOperator.subtract.rawValue : "\u{2212}" }

  func parentheses(_ inner: String) -> String { "(\(inner))" }
}
