// Formulas as text: what is read, how it is printed, that the two agree.

import EnsueFiles
import EnsueLayers
import Testing

@Suite struct FormulaTextTests {
  static func elman(_ update: String) throws -> Term {
    let formula = try CellFormula(text: "state h\nk = W_k x\nh' = \(update) + (k + h + x)\noutput h'")
    guard case .operation(.add, let term, _) = formula.equations[1].term else {
      Issue.record("a sum expected, found \(formula.equations[1].term)")
      return .input
    }
    return term
  }

  @Test(arguments: FormulaSamples.all) func canonicalTextIsPrintedAsItIs(_ text: String) throws {
    let formula = try CellFormula(text: text)
    #expect(formula.text == text)
    #expect(try CellFormula(text: formula.ascii) == formula)
    let names = formula.ascii.replacing("h̃", with: "")
    #expect(names.utf8.allSatisfy { $0 < 0x80 }, "\(formula.ascii)")
  }

  @Test func theDesignsExampleIsReadWhole() throws {
    let formula = try CellFormula(text: FormulaSamples.peepholeLSTM, name: "lstm.cell")
    #expect(formula.states == ["h", "c"])
    #expect(formula.equations.map(\.name) == ["i", "f", "g", "c'", "o", "h'"])
    #expect(formula.output == "h'")
    #expect(formula.firstValues == ["b_f": 1])
    let gate = Term.operation(
      .add,
      .operation(.add, .map("W_o", .input) + .map("U_o", .state("h")), .parameter("p_o") * .value("c'")),
      .parameter("b_o"))
    #expect(formula.equations[4].term == .function(.sigmoid, gate))
  }

  /// What a text means, written with all parentheses.
  static let precedence: [(text: String, term: Term)] = {
    let (h, k, x) = (Term.state("h"), Term.value("k"), Term.input)
    let u = Term.map("U_h", h)
    return [
      ("h + k ⊙ x", h + (k * x)), ("h ⊙ k + x", (h * k) + x), ("h - k - x", (h - k) - x),
      ("h - (k - x)", h - (k - x)), ("h / k ⊙ x", (h / k) * x), ("h / (k ⊙ x)", h / (k * x)),
      ("h ⊙ k / x", (h * k) / x), ("-h ⊙ k", (-h) * k), ("-(h ⊙ k)", -(h * k)), ("-h + k", (-h) + k),
      ("h ⊙ -k", h * (-k)), ("h - -k", h - (-k)), ("--h", -(-h)), ("-2", .constant(-2)), ("h - 2", h - 2),
      ("h ⊙ -2", h * .constant(-2)), ("-(2)", .operation(.subtract, 0, 2)), ("U_h h ⊙ k", u * k), ("k ⊙ U_h h", k * u),
      ("U_h (h ⊙ k)", .map("U_h", h * k)), ("U_h tanh(h)", .map("U_h", tanh(h))), ("-U_h h", -u),
      ("U_a U_h h", .map("U_a", u)), ("U_h(h)", u), ("U_h k ⊙ x", .map("U_h", k) * x),
      ("1 - k", 1 - k), ("(1 - k) ⊙ h", (1 - k) * h), ("((h))", h), ("2.50e-1 ⊙ .5E+1 ⊙ h", (0.25 * 5) * h),
      ("relu(h) + ReLU(h)", relu(h) + relu(h)), ("sigma(h) / sigmoid(k) / σ(x)", sigmoid(h) / sigmoid(k) / sigmoid(x)),
      ("softplus(exp(log(norm(h))))", softplus(exp(log(norm(h))))),
    ]
  }()

  @Test(arguments: precedence.indices) func operatorsBindAsTheyShould(_ index: Int) throws {
    let (text, term) = FormulaTextTests.precedence[index]
    let read = try FormulaTextTests.elman("(\(text))")
    #expect(read == term, "\(text)")
  }

  static let spellings: [(text: String, canonical: String)] = [
    ("h * k", "h ⊙ k"), ("h · k × x ∘ h ∗ k ⋅ x", "h ⊙ k ⊙ x ⊙ h ⊙ k ⊙ x"), ("h − k", "h − k"),
    ("sigmoid( h )", "σ(h)"),
    ("h\u{A0}+\tk", "h + k"), ("h+k*x", "h + k ⊙ x"), ("(h ⊙ (k))", "h ⊙ k"), ("1.0 ⊙ h", "1 ⊙ h"),
    ("1e-5 ⊙ h", "1e-05 ⊙ h"), ("000.50 ⊙ h", "0.5 ⊙ h"), ("h - (-3)", "h − (−3)"), ("h + (-k)", "h + (−k)"),
    ("0 - h", "−h"), ("0 - 3", "0 − 3"), ("(-h) ⊙ k", "−h ⊙ k"), ("h + -k ⊙ x", "h + (−k) ⊙ x"), ("-0 + h", "0 + h"),
    ("U_a (U_b h)", "U_a (U_b h)"), ("h + (k + x)", "h + (k + x)"), ("(h + k) + x", "h + k + x"),
    ("h / (k / x)", "h / (k / x)"), ("(h - k) ⊙ x", "(h − k) ⊙ x"),
  ]

  @Test(arguments: spellings.indices) func spellingsBecomeCanonical(_ index: Int) throws {
    let (text, canonical) = FormulaTextTests.spellings[index]
    #expect(try FormulaTextTests.elman("(\(text))").description == canonical)
  }

  /// Texts that are the peephole LSTM or the Elman cell, written otherwise.
  static let layouts: [(text: String, same: String)] = [
    (FormulaSamples.elman.replacing("\n", with: "\r\n"), FormulaSamples.elman),
    (FormulaSamples.elman.replacing("\n", with: "\r"), FormulaSamples.elman),
    ("\u{FEFF}" + FormulaSamples.elman + "\n\n", FormulaSamples.elman),
    (FormulaSamples.elman.replacing("'", with: "′"), FormulaSamples.elman),
    (FormulaSamples.elman.replacing("'", with: "\u{2019}"), FormulaSamples.elman),
    ("# Elman 1990\n\n state h # one\n\th' = tanh(W_h x + U_h h + b_h)#\n#\noutput h'", FormulaSamples.elman),
    ("output h'\nh' = tanh(W_h x + U_h h + b_h)\nstate h", FormulaSamples.elman),
    ("state h\nh' = tanh(\n  W_h x\n+ U_h h\n\n  # bias\n  + b_h\n)\noutput h'", FormulaSamples.elman),
    ("state h\nh' =\n  tanh(W_h x +\nU_h h +\nb_h)\noutput h'", FormulaSamples.elman),
    (
      FormulaSamples.peepholeLSTM.replacing("state h, c", with: "state h\nstate c")
        .replacing("        b_f starts at 1", with: "\nb_f starts at 1.0e0"), FormulaSamples.peepholeLSTM
    ),
    (
      FormulaSamples.peepholeLSTM.replacing("state h, c", with: "b_f starts at 1\nstate h,\n  c")
        .replacing("        b_f starts at 1", with: ""), FormulaSamples.peepholeLSTM
    ),
  ]

  @Test(arguments: layouts.indices) func layoutDoesNotMatter(_ index: Int) throws {
    let (text, same) = FormulaTextTests.layouts[index]
    #expect(try CellFormula(text: text) == CellFormula(text: same))
  }

  @Test func linesThatBeginWithAnOperatorContinueTheOneBefore() throws {
    let formula = try CellFormula(text: "state h\nh' = W_h x\n  - U_h h\n\t+ b_h   b_h starts at 1\noutput h'")
    #expect(formula.equations[0].term.description == "W_h x − U_h h + b_h")
  }

  @Test func severalFirstValuesInOneLine() throws {
    let text = """
      state h
      h' = W_h x + U_h h + b_h + p_1 ⊙ b_2        b_h starts at −1        b_2 starts at 0.5
      output h'
      """
    let formula = try CellFormula(text: text)
    #expect(formula.firstValues == ["b_h": -1, "b_2": 0.5])
    #expect(formula.text == text)
    #expect(try CellFormula(text: text.replacing("−1        b_2", with: "- 1, b_2")) == formula)
  }

  @Test func randomFormulasAreReadBackAsTheyWere() throws {
    var generator = FormulaGenerator(seed: 11)
    for _ in 0..<1500 {
      let formula = try generator.formula()
      let text = formula.text
      guard try CellFormula(text: text) == formula, try CellFormula(text: formula.ascii) == formula else {
        Issue.record("read back as another formula:\n\(text)")
        return
      }
    }
  }

  /// Every pair of parentheses in a text is needed, but for those around a minus sign and around a map of a map.
  @Test func noParenthesesAreSuperfluous() throws {
    var generator = FormulaGenerator(seed: 5)
    var pairs = 0
    for _ in 0..<150 {
      let formula = try generator.formula()
      let scalars = Array(formula.text.unicodeScalars)
      for (open, scalar) in scalars.enumerated()
      where scalar == "(" && scalars[open - 1].properties.isAlphabetic == false {
        guard let close = FormulaTextTests.closing(of: open, in: scalars), scalars[open + 1] != "−" else { continue }
        if scalars[open + 1] == "U" || scalars[open + 1] == "W", scalars[open - 1] == " " { continue }
        var shorter = scalars
        shorter[open] = " "
        shorter[close] = " "
        var text = ""
        text.unicodeScalars.append(contentsOf: shorter)
        let other = try? CellFormula(text: text)
        #expect(other != formula, "the parentheses at \(open) are superfluous:\n\(formula)")
        pairs += 1
      }
    }
    #expect(pairs > 1000)
  }

  static func closing(of open: Int, in scalars: [Unicode.Scalar]) -> Int? {
    var depth = 0
    for index in scalars.indices.dropFirst(open) {
      if scalars[index] == "(" { depth += 1 }
      if scalars[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  @Test func namesThatLookTheSameAreTheSame() throws {
    let formula = try CellFormula(text: "state h\n\u{109} = W_c x\nh' = h + c\u{302}\noutput h'")
    #expect(formula.equations.count == 2)
  }
}
