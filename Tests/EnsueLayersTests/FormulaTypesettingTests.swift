// Formulas as LaTeX and MathML.

import EnsueLayers
import Testing

@Suite struct FormulaTypesettingTests {
  @Test func latex() throws {
    let formula = try CellFormula(text: FormulaSamples.gru)
    #expect(
      formula.latex == #"""
        \begin{aligned}
          r_{t} &= \sigma\left(W_{r} x_{t} + U_{r} h_{t-1} + b_{r}\right) \\
          z_{t} &= \sigma\left(W_{z} x_{t} + U_{z} h_{t-1} + b_{z}\right) \\
          \tilde{h}_{t} &= \tanh\left(W_{h} x_{t} + U_{h} \left(r_{t} \odot h_{t-1}\right) + b_{h}\right) \\
          h_{t} &= z_{t} \odot h_{t-1} + \left(1 - z_{t}\right) \odot \tilde{h}_{t}
        \end{aligned}
        """#)
    let lstm = try CellFormula(text: FormulaSamples.peepholeLSTM).latex
    #expect(lstm.contains(#"p_{i} \odot c_{t-1} + b_{i}\right)"#))
    #expect(lstm.contains(#"p_{o} \odot c_{t} + b_{o}\right)"#))
    #expect(lstm.contains(#"b_{f}\right) \qquad b_{f} \text{ starts at } 1 \\"#))
    let odd = try CellFormula(text: FormulaSamples.odd).latex
    #expect(
      odd.contains(
        #"a_{t} &= \frac{-W_{a} x_{t}}{\operatorname{softplus}\left(h_{t-1}\right) + 1 \cdot 10^{-5}} - \left(-3\right)"#
      ))
    #expect(odd.contains(#"\mathrm{beta}_{t} &= \exp\left(-\left(h_{t-1} - a_{t}\right)\right)"#))
    #expect(odd.contains(#"q_{1,t} &= "#))
  }

  @Test func mathML() throws {
    let formula = try CellFormula(text: "state h\nh' = σ(W_h x) / 2 - p_a ⊙ h\noutput h'")
    #expect(
      formula.mathML == """
        <math display="block"><mtable>
        <mtr><mtd style="text-align: right"><msub><mi>h</mi><mi>t</mi></msub></mtd><mtd><mo>=</mo></mtd>\
        <mtd style="text-align: left"><mfrac><mrow><mi>σ</mi><mo>\u{2061}</mo><mrow><mo>(</mo>\
        <msub><mi>W</mi><mi>h</mi></msub><mo>\u{2062}</mo><msub><mi>x</mi><mi>t</mi></msub><mo>)</mo></mrow></mrow>\
        <mrow><mn>2</mn></mrow></mfrac><mo>−</mo><msub><mi>p</mi><mi>a</mi></msub><mo>⊙</mo>\
        <msub><mi>h</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub></mtd></mtr>
        </mtable></math>
        """)
  }

  /// Elements close in the order in which they open.
  static func isWellFormed(_ markup: String) -> Bool {
    var open: [Substring] = []
    for piece in markup.split(separator: "<") {
      guard let end = piece.firstIndex(of: ">") else { return false }
      let tag = piece[..<end]
      if tag.hasPrefix("/") {
        guard open.popLast() == tag.dropFirst() else { return false }
      } else if !tag.hasSuffix("/") {
        open.append(tag.prefix { $0 != " " })
      }
    }
    return open.isEmpty
  }

  @Test func markupOfRandomFormulasIsBalanced() throws {
    var generator = FormulaGenerator(seed: 21)
    for _ in 0..<300 {
      let formula = try generator.formula()
      #expect(FormulaTypesettingTests.isWellFormed(formula.mathML))
      let latex = formula.latex
      for (open, close) in [("{", "}"), (#"\left("#, #"\right)"#), (#"\begin"#, #"\end"#)] {
        #expect(latex.ranges(of: open).count == latex.ranges(of: close).count)
      }
    }
  }
}
