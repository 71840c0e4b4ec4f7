// A name taken apart for typesetting: `p_norm_i` is p with the indices norm and i.

/// The parts of a name.
struct FormulaNameParts {
  /// Before the first underscore.
  let base: String
  /// Between and after the underscores.
  let indices: [String]

  /// - Parameter name: a prime at the end is left out; the step's index says it.
  init(_ name: String) {
    let name = FormulaNames.stateUpdated(by: name) ?? name
    let parts = name.unicodeScalars.split(separator: "_").map { String($0) }
    base = parts.first ?? name
    indices = Array(parts.dropFirst())
  }

  /// A term's name, and the index of its step: t, t - 1 for a state before the step, none for what is learned.
  static func step(of term: Term) -> (parts: FormulaNameParts, step: FormulaStep?)? {
    switch term {
    case .input: (FormulaNameParts(FormulaNames.input), .current)
    case .state(let name): (FormulaNameParts(name), .previous)
    case .value(let name): (FormulaNameParts(name), .current)
    case .parameter(let name), .mask(let name): (FormulaNameParts(name), nil)
    case .noise(let name): (FormulaNameParts(name), .current)
    case .map, .constant, .function, .operation: nil
    }
  }
}

/// The step an index names.
enum FormulaStep {
  case previous
  case current
}
