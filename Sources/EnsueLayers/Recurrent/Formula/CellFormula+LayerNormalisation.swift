// Layer normalisation as a rewrite of any cell (Ba, Kiros and Hinton 2016, equation 4):
// h = f(g / σ ⊙ (a - μ) + b), where a is the sum of the maps.

import EnsueFiles

extension CellFormula {
  /// Normalises what the maps give: in every sum with maps, W_i x + U_i h + b_i becomes
  /// p_norm_i ⊙ norm(W_i x + U_i h) + b_i. The gains begin at 1, one vector for each sum, called after the value
  /// whose equation it is in; biases, products and a bare x stay outside. A map that stands alone or in a product is
  /// a sum of one. What a formula normalises already (`norm(…)`) is left alone.
  /// - Throws: `Failure` when the new formula is beyond `Limits`.
  public func layerNormalised() throws(Failure) -> CellFormula {
    var normaliser = LayerNormaliser(formula: self)
    let equations = equations.map { Equation($0.name, normaliser.normalised($0.term, in: $0.name)) }
    var firstValues = firstValues
    for gain in normaliser.gains { firstValues[gain] = 1 }
    return try CellFormula(states: states, equations: equations, output: output, firstValues: firstValues)
  }
}

/// Rewrites terms and names the gains.
private struct LayerNormaliser {
  let formula: CellFormula
  private(set) var gains: [String] = []

  init(formula: CellFormula) { self.formula = formula }

  /// A part of a sum, and whether it is subtracted.
  private struct Summand {
    let term: Term
    let isNegative: Bool

    var isMap: Bool { if case .map = term { true } else { false } }
  }

  mutating func normalised(_ term: Term, in equation: String) -> Term {
    switch term {
    case .function(.norm, _): return term
    case .input, .state, .value, .parameter, .constant, .mask, .noise: return term
    case .function(let function, let argument):
      return .function(function, normalised(argument, in: equation))
    case .operation(let sign, let left, let right) where sign == .multiply || sign == .divide:
      let first = normalised(left, in: equation)
      return .operation(sign, first, normalised(right, in: equation))
    case .operation, .map:
      return normalisedSum(term, in: equation)
    }
  }

  private mutating func normalisedSum(_ term: Term, in equation: String) -> Term {
    let summands = LayerNormaliser.summands(of: term, isNegative: false)
    guard let first = summands.first(where: \.isMap) else {
      guard case .operation(let sign, let left, let right) = term else { return term }
      let start = normalised(left, in: equation)
      return .operation(sign, start, normalised(right, in: equation))
    }
    let base = FormulaNames.stateUpdated(by: equation) ?? equation
    let gain = formula.unusedName("p_norm_\(base)", besides: Set(gains))
    gains.append(gain)
    var maps: [Summand] = []
    var others: [Summand?] = []
    for summand in summands {
      guard case .map(let name, let argument) = summand.term else {
        others.append(Summand(term: normalised(summand.term, in: equation), isNegative: summand.isNegative))
        continue
      }
      // The place of the group among the other summands is that of its first map.
      if maps.isEmpty { others.append(nil) }
      let map = Term.map(name, normalised(argument, in: equation))
      maps.append(Summand(term: map, isNegative: summand.isNegative != first.isNegative))
    }
    let group = Term.parameter(gain) * norm(LayerNormaliser.sum(maps))
    return LayerNormaliser.sum(others.map { $0 ?? Summand(term: group, isNegative: first.isNegative) })
  }

  /// The parts of a sum in the order of the text; the 0 of a minus sign is no part.
  private static func summands(of term: Term, isNegative: Bool) -> [Summand] {
    switch term {
    case .operation(.add, let left, let right):
      return summands(of: left, isNegative: isNegative) + summands(of: right, isNegative: isNegative)
    case .operation(.subtract, let left, let right):
      let first = term.negated == nil ? summands(of: left, isNegative: isNegative) : []
      return first + summands(of: right, isNegative: !isNegative)
    case .input, .state, .value, .parameter, .map, .constant, .function, .operation, .mask, .noise:
      return [Summand(term: term, isNegative: isNegative)]
    }
  }

  private static func sum(_ summands: [Summand]) -> Term {
    var total: Term?
    for summand in summands {
      if let sum = total {
        total = summand.isNegative ? sum - summand.term : sum + summand.term
      } else {
        total = summand.isNegative ? -summand.term : summand.term
      }
    }
    return total ?? 0
  }
}
