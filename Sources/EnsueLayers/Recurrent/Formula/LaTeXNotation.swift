// The notation of papers, for LaTeX with amsmath.

/// `W_{i} x_{t} + U_{i} h_{t-1}`
struct LaTeXNotation: FormulaNotation {
  let writesFractions = true

  func symbol(_ term: Term) -> String {
    guard let (parts, step) = FormulaNameParts.step(of: term) else { return "" }
    let time: [String] =
      switch step {
      case .current: ["t"]
      case .previous: ["t-1"]
      case nil: []
      }
    return indexed(parts, time)
  }

  private func indexed(_ parts: FormulaNameParts, _ more: [String]) -> String {
    let indices = parts.indices.map(LaTeXNotation.word) + more
    return LaTeXNotation.word(parts.base) + (indices.isEmpty ? "" : "_{\(indices.joined(separator: ","))}")
  }

  func number(_ value: Double) -> String {
    let text = formulaNumber(value)
    guard let mark = text.firstIndex(of: "e") else { return text }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    return "\(text[..<mark]) \\cdot 10^{\(exponent)}"
  }

  func map(_ name: String, _ argument: String) -> String { "\(indexed(FormulaNameParts(name), [])) \(argument)" }

  func function(_ function: CellFunction, _ argument: String) -> String {
    let name =
      switch function {
      case .sigmoid: "\\sigma"
      case .tanh: "\\tanh"
      case .relu: "\\operatorname{ReLU}"
      case .softplus: "\\operatorname{softplus}"
      case .exp: "\\exp"
      case .log: "\\log"
      case .norm: "\\operatorname{norm}"
      }
    return name + parentheses(argument)
  }

  func operation(_ operation: CellOperator, _ left: String, _ right: String) -> String {
    switch operation {
    case .add: "\(left) + \(right)"
    case .subtract: "\(left) - \(right)"
    case .multiply: "\(left) \\odot \(right)"
    case .divide: "\\frac{\(left)}{\(right)}"
    }
  }

  func negation(_ operand: String) -> String { "-\(operand)" }

  func parentheses(_ inner: String) -> String { "\\left(\(inner)\\right)" }

  /// The equations, aligned; first values behind theirs.
  func aligned(_ rows: [(name: Term, term: Term, firstValues: [(name: String, value: Double)])]) -> String {
    let lines = rows.map { row in
      let notes = row.firstValues.map { first in
        let value = first.value < 0 ? negation(number(-first.value)) : number(first.value)
        return " \\qquad \(indexed(FormulaNameParts(first.name), [])) \\text{ starts at } \(value)"
      }
      return "  \(symbol(row.name)) &= \(write(row.term))\(notes.joined())"
    }
    return "\\begin{aligned}\n\(lines.joined(separator: " \\\\\n"))\n\\end{aligned}"
  }

  /// A word of a name: one letter in italics (with its accent), Greek letters by name, more letters upright.
  private static func word(_ word: String) -> String {
    let scalars = Array(word.unicodeScalars)
    let marks = scalars.filter(FormulaNames.isCombining)
    let letters = scalars.filter { !FormulaNames.isCombining($0) }
    guard letters.count == 1 else {
      return letters.allSatisfy { "0"..."9" ~= $0 } ? word : "\\mathrm{\(word)}"
    }
    var text = greek[letters[0]] ?? String(letters[0])
    for mark in marks {
      guard let accent = accents[mark] else { return word }
      text = "\\\(accent){\(text)}"
    }
    return text
  }

  private static let accents: [Unicode.Scalar: String] = [
    "\u{300}": "grave", "\u{301}": "acute", "\u{302}": "hat", "\u{303}": "tilde", "\u{304}": "bar", "\u{306}": "breve",
    "\u{307}": "dot", "\u{308}": "ddot", "\u{30C}": "check", "\u{20D7}": "vec",
  ]

  private static let greek: [Unicode.Scalar: String] = [
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\varepsilon", "ζ": "\\zeta", "η": "\\eta",
    "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda", "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi",
    "π": "\\pi", "ρ": "\\rho", "τ": "\\tau", "υ": "\\upsilon", "φ": "\\varphi", "χ": "\\chi", "ψ": "\\psi",
    "ω": "\\omega", "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi",
    "Σ": "\\Sigma", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega", "ϕ": "\\phi", "ϵ": "\\epsilon",
  ]
}
