// Random formulas that pass every check, and random numbers that come again.

import EnsueLayers

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct FormulaRandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Makes formulas with every construct of the language.
struct FormulaGenerator {
  private var random: FormulaRandomNumbers
  private var available: [Term] = []
  private var firstValues: [String: Double] = [:]
  private var count = 0

  init(seed: UInt64) { random = FormulaRandomNumbers(seed: seed) }

  private static let constants: [Double] = [0, 1, -1, 0.1, -2.5, 1e-5, 1e-30, -3e38, 12_345_678, 1.0 / 3, 1e20, 0.5]

  /// A formula in which the output reads all values and states.
  mutating func formula() throws -> CellFormula {
    count = 0
    firstValues = [:]
    let states = Array(["h", "c", "s̃_2"].prefix(Int.random(in: 1...3, using: &random)))
    let values = Array(["i", "forget", "ĝ", "n", "αβ_1"].prefix(Int.random(in: 0...5, using: &random)))
    available = [.input] + states.map { .state($0) }
    var equations: [CellFormula.Equation] = []
    for name in values.shuffled(using: &random) {
      equations.append(.init(name, term(levels: 6)))
      available.append(.value(name))
    }
    for state in states.dropFirst() {
      equations.append(.init(state + "'", term(levels: 5)))
      available.append(.value(state + "'"))
    }
    var last = term(levels: 6)
    for part in available.shuffled(using: &random) { last = Bool.random(using: &random) ? last + part : part - last }
    equations.append(.init("h'", last))
    return try CellFormula(
      states: states, equations: equations.shuffled(using: &random), output: "h'", firstValues: firstValues)
  }

  private mutating func fresh(_ prefix: String) -> String {
    count += 1
    return prefix + ["i", "f_new", "hh", "ω"][count % 4] + "\(count)"
  }

  private mutating func leaf() -> Term {
    switch Int.random(in: 0...9, using: &random) {
    case 0, 1: return .map(fresh("W_"), .input)
    case 2: return .constant(FormulaGenerator.constants.randomElement(using: &random) ?? 1)
    case 3:
      let name = fresh(Bool.random(using: &random) ? "p_" : "b_")
      if Bool.random(using: &random) { firstValues[name] = FormulaGenerator.constants.randomElement(using: &random) }
      return .parameter(name)
    default: return available.randomElement(using: &random) ?? .input
    }
  }

  private mutating func term(levels: Int) -> Term {
    guard levels > 0 else { return leaf() }
    switch Int.random(in: 0...9, using: &random) {
    case 0: return leaf()
    case 1: return -term(levels: levels - 1)
    case 2, 3:
      let function = CellFunction.allCases.randomElement(using: &random) ?? .tanh
      return .function(function, term(levels: levels - 1))
    case 4:
      let name = fresh("U_")
      // A state in it, so that the argument is no constant.
      let state = available.last { $0 != .input } ?? .state("h")
      let argument = Bool.random(using: &random) ? state : term(levels: levels - 1) * state
      return .map(name, argument)
    default:
      let operation = CellOperator.allCases.randomElement(using: &random) ?? .add
      let left = term(levels: levels - 1)
      let right = term(levels: levels - 1)
      if operation == .divide, right == .constant(0) { return left + right }
      return .operation(operation, left, right)
    }
  }
}
