// A formula as text, LaTeX and MathML.

extension CellFormula: CustomStringConvertible {
  /// The canonical text: read back it is the same formula, except for masks and noise (`m_h`, `n_h`), which rewrites
  /// make and the parser refuses. No line end after the last line.
  public var text: String { written(in: TextNotation(isASCII: false)) }

  /// The text with ASCII signs, read back as the same formula; names stay as they are.
  public var ascii: String { written(in: TextNotation(isASCII: true)) }

  public var description: String { text }

  /// The equations for LaTeX (amsmath): states before the step have the index t-1, values and new states t.
  public var latex: String { LaTeXNotation().aligned(rows) }

  /// The equations for a page of HTML: `<math display="block">` with a table, self-contained.
  public var mathML: String { MathMLNotation().table(rows) }

  private var rows: [(name: Term, term: Term, firstValues: [(name: String, value: Double)])] {
    zip(equations, firstValuesByEquation).map { (.value($0.name), $0.term, $1) }
  }

  /// For every equation the first values of the vectors that appear in it first.
  private var firstValuesByEquation: [[(name: String, value: Double)]] {
    var seen: Set<String> = []
    return equations.map { equation in
      equation.term.parameterNames.compactMap { name in
        guard seen.insert(name).inserted, let value = firstValues[name] else { return nil }
        return (name, value)
      }
    }
  }

  private func written(in notation: TextNotation) -> String {
    func width(_ name: String) -> Int { name.unicodeScalars.filter { !FormulaNames.isCombining($0) }.count }
    let widest = equations.map { width($0.name) }.max() ?? 0
    var lines = ["state \(states.joined(separator: ", "))"]
    for (equation, starts) in zip(equations, firstValuesByEquation) {
      let padding = String(repeating: " ", count: widest - width(equation.name))
      let notes = starts.map { first in
        let size = notation.number(abs(first.value))
        return "        \(first.name) starts at \(first.value < 0 ? notation.negation(size) : size)"
      }
      lines.append("\(equation.name)\(padding) = \(notation.write(equation.term))\(notes.joined())")
    }
    lines.append("output \(output)")
    return lines.joined(separator: "\n")
  }
}

extension Term: CustomStringConvertible {
  /// The term as in a formula's text.
  public var description: String { TextNotation(isASCII: false).write(self) }
}
