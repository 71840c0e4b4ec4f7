// Rewrites: what becomes of a formula, as exact text.

import EnsueFiles
import EnsueLayers
import Testing

@Suite struct FormulaRewriteTests {
  static func rewritten(_ text: String, _ rewrite: (CellFormula) throws -> CellFormula) throws -> String {
    try rewrite(CellFormula(text: text)).text
  }

  /// The middle lines of a formula with one state h.
  static func elman(_ update: String) -> String { "state h\nh' = \(update)\noutput h'" }

  @Test func layerNormalisationOfTheLSTM() throws {
    #expect(
      try FormulaRewriteTests.rewritten(FormulaSamples.peepholeLSTM) { try $0.layerNormalised() } == """
        state h, c
        i  = σ(p_norm_i ⊙ norm(W_i x + U_i h) + p_i ⊙ c + b_i)        p_norm_i starts at 1
        f  = σ(p_norm_f ⊙ norm(W_f x + U_f h) + p_f ⊙ c + b_f)        p_norm_f starts at 1        b_f starts at 1
        g  = tanh(p_norm_g ⊙ norm(W_g x + U_g h) + b_g)        p_norm_g starts at 1
        c' = f ⊙ c + i ⊙ g
        o  = σ(p_norm_o ⊙ norm(W_o x + U_o h) + p_o ⊙ c' + b_o)        p_norm_o starts at 1
        h' = o ⊙ tanh(c')
        output h'
        """)
  }

  static let normalised: [(update: String, result: String)] = [
    ("tanh(W_h x + U_h h + b_h)", "tanh(p_norm_h ⊙ norm(W_h x + U_h h) + b_h)"),
    ("tanh(b_h − U_h h + W_h x)", "tanh(b_h − p_norm_h ⊙ norm(U_h h − W_h x))"),
    ("tanh(−U_h h + b_h − W_h x)", "tanh(−(p_norm_h ⊙ norm(U_h h + W_h x)) + b_h)"),
    ("tanh(b_h − (W_h x − h − U_h h))", "tanh(b_h − p_norm_h ⊙ norm(W_h x − U_h h) + h)"),
    (
      "tanh(W_n x + b_n + h ⊙ (U_n h + b_hn))",
      "tanh(p_norm_h ⊙ norm(W_n x) + b_n + h ⊙ (p_norm_h_2 ⊙ norm(U_n h) + b_hn))"
    ),
    ("U_h (h ⊙ W_h x)", "p_norm_h ⊙ norm(U_h (h ⊙ (p_norm_h_2 ⊙ norm(W_h x))))"),
    ("0.5 ⊙ W_h x + U_h h / 2", "0.5 ⊙ (p_norm_h ⊙ norm(W_h x)) + p_norm_h_2 ⊙ norm(U_h h) / 2"),
    ("tanh(x + U_h h + b_h) + h", "tanh(x + p_norm_h ⊙ norm(U_h h) + b_h) + h"),
    ("p_norm_h ⊙ h + W_h x", "p_norm_h ⊙ h + p_norm_h_2 ⊙ norm(W_h x)"),
    ("norm(W_h x + U_h h)", "norm(W_h x + U_h h)"), ("-h + tanh(x)", "−h + tanh(x)"),
  ]

  @Test(arguments: normalised.indices) func layerNormalisationOfSums(_ index: Int) throws {
    let (update, result) = FormulaRewriteTests.normalised[index]
    let formula = try CellFormula(text: FormulaRewriteTests.elman(update)).layerNormalised()
    #expect(formula.equations[0].term.description == result)
    let gains = formula.parameters.filter { $0.name.hasPrefix("p_norm") && $0.firstValue == 1 }.map(\.name)
    #expect(formula.firstValues.keys.sorted() == gains.sorted())
    #expect(try formula.layerNormalised() == formula)
  }

  @Test func leakyIntegration() throws {
    #expect(
      try FormulaRewriteTests.rewritten(FormulaSamples.elman) { try $0.leaky(.fixed(0.3)) }
        == FormulaRewriteTests.elman("(1 − 0.3) ⊙ h + 0.3 ⊙ tanh(W_h x + U_h h + b_h)"))
    #expect(
      try FormulaRewriteTests.rewritten(FormulaSamples.gru) { try $0.leaky(.learned) } == """
        state h
        r    = σ(W_r x + U_r h + b_r)
        z    = σ(W_z x + U_z h + b_z)
        h̃    = tanh(W_h x + U_h (r ⊙ h) + b_h)
        leak = σ(p_leak)
        h'   = (1 − leak) ⊙ h + leak ⊙ (z ⊙ h + (1 − z) ⊙ h̃)
        output h'
        """)
    let twice = try CellFormula(text: FormulaSamples.elman).leaky(.learned).leaky(.learned)
    #expect(twice.valueNames == ["leak", "leak_2", "h'"])
    #expect(twice.parameters.map(\.name) == ["p_leak", "p_leak_2", "W_h", "U_h", "b_h"])
  }

  @Test(arguments: [0, -0.1, 1.5, .nan, .infinity]) func leaksOutOfRangeAreRefused(_ leak: Double) {
    #expect(throws: Failure.self) { try CellFormula(text: FormulaSamples.elman).leaky(.fixed(leak)) }
  }

  @Test func aLeakNeedsAState() {
    let text = "state h\nh' = W_h x + h\ny = tanh(h')\noutput y"
    #expect(throws: Failure.self) { try CellFormula(text: text).leaky(.learned) }
  }

  @Test func recurrentDropout() throws {
    #expect(
      try FormulaRewriteTests.rewritten(FormulaSamples.mut3) { try $0.droppingRecurrence() } == """
        state h
        z  = σ(W_z x + U_z tanh(m_h ⊙ h) + b_z)
        r  = σ(W_r x + U_r (m_h ⊙ h) + b_r)
        h' = tanh(U_h (r ⊙ (m_h ⊙ h)) + W_h x + b_h) ⊙ z + h ⊙ (1 − z)
        output h'
        """)
    let formula = try CellFormula(text: FormulaSamples.mut3).droppingRecurrence()
    #expect(formula.usesRandomness)
    #expect(throws: Failure.self) { try formula.droppingRecurrence() }
    #expect(throws: Failure.self) { try CellFormula(text: formula.text) }
  }

  /// What would get no mask is refused, not left out.
  @Test(arguments: [
    ("state h\nh' = tanh(W_h x + p_h ⊙ h)\noutput h'", "a cell with a map of a state (U_…) expected, found none"),
    (
      "state h\nr = σ(W_r x + U_r h)\nq = r ⊙ h\nh' = tanh(W_h x + U_h q)\noutput h'",
      "found h in q, which U_h maps"
    ),
    ("state h\na = h + x\nq = tanh(a)\nh' = U_h (q + h)\noutput h'", "found h in q, which U_h maps"),
  ])
  func statesThatWouldHaveNoMaskAreRefused(_ text: String, _ words: String) throws {
    let formula = try CellFormula(text: text)
    let failure = #expect(throws: Failure.self) { try formula.droppingRecurrence() }
    #expect(failure?.kind == .configuration && failure?.problem.contains(words) == true, "\(failure?.problem ?? "")")
  }

  @Test(arguments: RecurrentCellKind.allCases) func everyBuiltInCellTakesRecurrentDropout(_ kind: RecurrentCellKind) {
    #expect(throws: Never.self) { try kind.formula().droppingRecurrence() }
  }

  @Test func zoneoutOfTheLSTM() throws {
    let lstm = """
      state h, c
      c' = σ(W_f x + U_f h) ⊙ c + b_c
      h' = tanh(c')
      output h'
      """
    #expect(
      try FormulaRewriteTests.rewritten(lstm) { try $0.zoningOut() } == """
        state h, c
        new_c = σ(W_f x + U_f h) ⊙ c + b_c
        c'    = n_c ⊙ c + (1 − n_c) ⊙ new_c
        h'    = n_h ⊙ h + (1 − n_h) ⊙ tanh(new_c)
        output h'
        """)
    #expect(
      try FormulaRewriteTests.rewritten(lstm) { try $0.zoningOut(expectation: ["c": 0.5, "h": 0]) } == """
        state h, c
        new_c = σ(W_f x + U_f h) ⊙ c + b_c
        c'    = 0.5 ⊙ c + (1 − 0.5) ⊙ new_c
        h'    = tanh(new_c)
        output h'
        """)
    let formula = try CellFormula(text: lstm)
    #expect(throws: Failure.self) { try formula.zoningOut().zoningOut() }
    #expect(throws: Failure.self) { try formula.zoningOut(expectation: ["q": 0.5]) }
    #expect(throws: Failure.self) { try formula.zoningOut(expectation: ["c": 1.5]) }
    #expect(try formula.zoningOut(expectation: [:]) == formula)
  }

  @Test func rewritesCompose() throws {
    #expect(
      try FormulaRewriteTests.rewritten(FormulaSamples.elman) {
        try $0.layerNormalised().droppingRecurrence().leaky(.fixed(0.25)).zoningOut()
      }
        == """
        state h
        h' = n_h ⊙ h + (1 − n_h) ⊙ ((1 − 0.25) ⊙ h + 0.25 ⊙ tanh(p_norm_h ⊙ norm(W_h x + U_h (m_h ⊙ h)) + b_h))\
                p_norm_h starts at 1
        output h'
        """)
  }

  /// The longest names, and every kind of term.
  @Test func everyRewriteTakesEveryFormula() throws {
    var generator = FormulaGenerator(seed: 3)
    for _ in 0..<500 {
      let formula = try generator.formula()
      let plain = try formula.layerNormalised().leaky(.learned).zoningOut(expectation: ["h": 0.1])
      #expect(try CellFormula(text: plain.text) == plain)
      do {
        _ = try formula.droppingRecurrence().zoningOut()
      } catch {
        #expect(error.kind == .configuration && error.place == "recurrent dropout", "\(error)")
      }
    }
    let long = String(repeating: "h", count: 64)
    let formula = try CellFormula(text: "state \(long)\n\(long)' = W_h x + \(long)\noutput \(long)'")
    #expect(try formula.layerNormalised().parameters.map(\.name) == ["p_norm_" + long.prefix(57), "W_h"])
  }
}
