// The notation of browsers (MathML Core): no script, no style sheet.

/// `<msub><mi>W</mi><mi>i</mi></msub>…`. Everything written is a list of elements without a wrapper.
struct MathMLNotation: FormulaNotation {
  let writesFractions = true

  func symbol(_ term: Term) -> String {
    guard let (parts, step) = FormulaNameParts.step(of: term) else { return "" }
    let time: [String] =
      switch step {
      case .current: ["<mi>t</mi>"]
      case .previous: ["<mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow>"]
      case nil: []
      }
    return indexed(parts, time)
  }

  private func indexed(_ parts: FormulaNameParts, _ more: [String]) -> String {
    let base = word(parts.base)
    let indices = parts.indices.map(word) + more
    guard indices.count > 1 else { return indices.isEmpty ? base : "<msub>\(base)\(indices[0])</msub>" }
    return "<msub>\(base)<mrow>\(indices.joined(separator: "<mo>,</mo>"))</mrow></msub>"
  }

  func number(_ value: Double) -> String {
    let text = formulaNumber(value)
    guard let mark = text.firstIndex(of: "e") else { return "<mn>\(text)</mn>" }
    let exponent = Int(text[text.index(after: mark)...]) ?? 0
    let power = exponent < 0 ? "<mrow><mo>−</mo><mn>\(-exponent)</mn></mrow>" : "<mn>\(exponent)</mn>"
    return "<mn>\(text[..<mark])</mn><mo>·</mo><msup><mn>10</mn>\(power)</msup>"
  }

  func map(_ name: String, _ argument: String) -> String {
    // The invisible sign between a matrix and what it maps.
    "\(indexed(FormulaNameParts(name), []))<mo>\u{2062}</mo>\(argument)"
  }

  func function(_ function: CellFunction, _ argument: String) -> String {
    "<mi>\(function == .relu ? "ReLU" : function.symbol)</mi><mo>\u{2061}</mo>\(parentheses(argument))"
  }

  func operation(_ operation: CellOperator, _ left: String, _ right: String) -> String {
    switch operation {
    case .add: "\(left)<mo>+</mo>\(right)"
    case .subtract: "\(left)<mo>−</mo>\(right)"
    case .multiply: "\(left)<mo>⊙</mo>\(right)"
    case .divide: "<mfrac><mrow>\(left)</mrow><mrow>\(right)</mrow></mfrac>"
    }
  }

  func negation(_ operand: String) -> String { "<mo form=\"prefix\">−</mo>\(operand)" }

  func parentheses(_ inner: String) -> String { "<mrow><mo>(</mo>\(inner)<mo>)</mo></mrow>" }

  /// The equations as a table.
  func table(_ rows: [(name: Term, term: Term, firstValues: [(name: String, value: Double)])]) -> String {
    let right = "style=\"text-align: right\""
    let left = "style=\"text-align: left\""
    let lines = rows.map { row in
      let notes = row.firstValues.map { first in
        let value = first.value < 0 ? negation(number(-first.value)) : number(first.value)
        return "<mspace width=\"2em\"/>\(indexed(FormulaNameParts(first.name), []))<mtext> starts at </mtext>\(value)"
      }
      return "<mtr><mtd \(right)>\(symbol(row.name))</mtd><mtd><mo>=</mo></mtd>"
        + "<mtd \(left)>\(write(row.term))\(notes.joined())</mtd></mtr>"
    }
    return "<math display=\"block\"><mtable>\n\(lines.joined(separator: "\n"))\n</mtable></math>"
  }

  /// A word of a name. Names hold letters, digits and marks only; escaped all the same.
  private func word(_ word: String) -> String {
    let isNumber = word.unicodeScalars.allSatisfy { "0"..."9" ~= $0 }
    var text = ""
    for scalar in word.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return isNumber ? "<mn>\(text)</mn>" : "<mi>\(text)</mi>"
  }
}
