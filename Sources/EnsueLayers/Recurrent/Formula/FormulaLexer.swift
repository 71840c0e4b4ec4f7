// A line of text to tokens. Nothing is refused here: what has no place becomes a `stray` token with its message.

import EnsueFiles

/// Cuts one line into tokens.
struct FormulaLexer {
  private let scalars: [Unicode.Scalar]
  private let line: Int
  private var position = 0
  private var tokens: [FormulaToken] = []

  private init(_ scalars: [Unicode.Scalar], line: Int) {
    self.scalars = scalars
    self.line = line
  }

  /// The tokens of a line, without its comment.
  static func tokens(of scalars: [Unicode.Scalar], line: Int) -> [FormulaToken] {
    var lexer = FormulaLexer(scalars, line: line)
    while lexer.position < scalars.count, scalars[lexer.position] != "#" { lexer.next() }
    return lexer.tokens
  }

  private mutating func next() {
    let scalar = scalars[position]
    if FormulaLexer.isSpace(scalar) {
      position += 1
    } else if FormulaNames.isLetter(scalar) {
      name()
    } else if FormulaLexer.isDigit(scalar) || scalar == "." {
      number()
    } else if let kind = FormulaLexer.sign(scalar) {
      add(kind, length: 1)
    } else if FormulaLexer.isPrime(scalar) {
      stray("a prime directly after the name of a state expected, found \(scalar) elsewhere")
    } else {
      stray("a name, a number or an operator expected, found \(shown(scalar))", FormulaLexer.advice(about: scalar))
    }
  }

  private mutating func add(_ kind: FormulaToken.Kind, length: Int, text: String? = nil) {
    var source = ""
    source.unicodeScalars.append(contentsOf: scalars[position..<position + length])
    tokens.append(FormulaToken(kind: kind, text: text ?? source, line: line, column: position))
    position += length
  }

  private mutating func stray(_ problem: String, _ advice: String = "", length: Int = 1) {
    add(.stray(problem: problem, advice: advice), length: length)
  }

  private mutating func name() {
    let end = scalars[position...].firstIndex { !FormulaNames.continuesName($0) } ?? scalars.count
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars[position..<end])
    guard text.utf8.count <= FormulaNames.lengthLimit else {
      stray(
        "a name of at most \(FormulaNames.lengthLimit) bytes expected, found one of \(text.utf8.count)",
        length: end - position)
      return
    }
    let isPrimed = end < scalars.count && FormulaLexer.isPrime(scalars[end])
    add(.name, length: end - position + (isPrimed ? 1 : 0), text: isPrimed ? FormulaNames.primed(text) : text)
  }

  /// Digits with a point and an exponent.
  private mutating func number() {
    var end = scalars[position...].firstIndex { !FormulaLexer.isDigit($0) && $0 != "." } ?? scalars.count
    if end < scalars.count, scalars[end] == "e" || scalars[end] == "E" {
      var digits = end + 1
      if digits < scalars.count, scalars[digits] == "+" || scalars[digits] == "-" { digits += 1 }
      let after = scalars[min(digits, scalars.count)...].firstIndex { !FormulaLexer.isDigit($0) } ?? scalars.count
      if after > digits { end = after }
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars[position..<end])
    let points = text.unicodeScalars.filter { $0 == "." }.count
    guard points <= 1, text.unicodeScalars.contains(where: FormulaLexer.isDigit), let value = Double("0" + text) else {
      stray("a number expected, found \(Failure.shown(text))", length: end - position)
      return
    }
    guard Float(value).isFinite else {
      stray("a number that 32-bit arithmetic can hold expected, found \(Failure.shown(text))", length: end - position)
      return
    }
    add(.number(value), length: end - position)
  }

  private func shown(_ scalar: Unicode.Scalar) -> String {
    FormulaSource.isVisible(scalar)
      ? Failure.shown(String(scalar)) : "'\\u{\(String(scalar.value, radix: 16))}'"
  }

  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\t" || scalar.properties.generalCategory == .spaceSeparator
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

  /// ' and the signs that keyboards and word processors make of it.
  private static func isPrime(_ scalar: Unicode.Scalar) -> Bool { ["'", "\u{2032}", "\u{2019}"].contains(scalar) }

  private static func sign(_ scalar: Unicode.Scalar) -> FormulaToken.Kind? {
    switch scalar {
    case "+": .operation(.add)
    case "-", "\u{2212}": .operation(.subtract)
    // ⊙ · × ∘ ∗ ⋅
    case "*", "\u{2299}", "\u{B7}", "\u{D7}", "\u{2218}", "\u{2217}", "\u{22C5}": .operation(.multiply)
    case "/": .operation(.divide)
    case "(": .opening
    case ")": .closing
    case ",": .comma
    case "=": .equals
    default: nil
    }
  }

  private static func advice(about scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "[", "]", "{", "}": "Parentheses are ( and )."
    case "^": "Write a power as a product, v ⊙ v."
    case "@": "A map stands before what it maps: W_i x."
    case ";": "Write one equation a line."
    case "\u{2013}", "\u{2014}": "A minus sign is - or \u{2212}."
    default: ""
    }
  }
}
