// Reading formulas: from text, from bytes, from a file, from a bundle.

import EnsueFiles

extension CellFormula {
  /// Reads the text of a cell.
  ///
  ///     state h, c
  ///     i  = σ(W_i x + U_i h + b_i)
  ///     f  = σ(W_f x + U_f h + b_f)        b_f starts at 1
  ///     g  = tanh(W_g x + U_g h + b_g)
  ///     c' = f ⊙ c + i ⊙ g
  ///     o  = σ(W_o x + U_o h + b_o)
  ///     h' = o ⊙ tanh(c')
  ///     output h'
  ///
  /// One statement a line; `#` begins a comment. `h` is the state before the step, `h'` after it. Maps stand before
  /// what they map, `W_…` before x, `U_…` before a state, a value or a parenthesis. Vectors are called `p_…` where they
  /// multiply and `b_…` where they are added. ⊙ is also written `*`, σ `sigmoid`. A line that begins with white space
  /// and an operator, or follows an open parenthesis or an operator, continues the one before.
  /// - Parameter name: the file, for messages.
  /// - Throws: `Failure` of kind `data` with the line, and a caret under the fault in `excerpt`.
  public init(text: String, name: String = "cell formula") throws(Failure) {
    var parser = try CellFormulaParser(text, name: name)
    self = try parser.parse()
  }

  /// Reads the text of a cell from bytes, which must be UTF-8.
  public init(bytes: [UInt8], name: String) throws(Failure) {
    guard bytes.count <= Limits.textLength else {
      throw Failure(
        .data, at: name, "a formula of at most \(Limits.textLength) bytes expected, found \(bytes.count)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CellFormula.invalidText(bytes, name: name)
    }
    try self.init(text: text, name: name)
  }

  /// Reads a file; `-` is standard input.
  public init(contentsOf path: String) throws {
    try self.init(
      bytes: InputFile.contents(of: path, limit: Limits.textLength), name: path == "-" ? "standard input" : path)
  }

  /// The failure at the first byte that is no UTF-8.
  private static func invalidText(_ bytes: [UInt8], name: String) -> Failure {
    var valid = ""
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { valid.unicodeScalars.append(scalar) }
    let before = FormulaSource(valid, name: name).lines
    let source = FormulaSource(String(decoding: bytes, as: UTF8.self), name: name)
    return source.failure(
      line: before.count - 1, column: before[before.count - 1].count, "UTF-8 expected, found other bytes",
      "Save the file as UTF-8.")
  }
}

/// In files a formula is its text, as one string.
extension CellFormula: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(text: decoder.singleValueContainer().decode(String.self))
  }

  /// - Throws: `EncodingError` for a formula with masks or noise: their options are stored, not their terms.
  public func encode(to encoder: any Encoder) throws {
    guard !usesRandomness else {
      throw EncodingError.invalidValue(
        self,
        .init(codingPath: encoder.codingPath, debugDescription: "a formula with masks or noise has no text of its own"))
    }
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
