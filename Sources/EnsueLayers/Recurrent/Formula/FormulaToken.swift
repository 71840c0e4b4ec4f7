// The words and signs of a formula's text.

/// A word, number or sign, and where it stands.
struct FormulaToken: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    /// A name, with its prime as `'` where it has one.
    case name
    case number(Double)
    case operation(CellOperator)
    case opening
    case closing
    case comma
    case equals
    /// What has no place in a formula; said when the parser comes to it, so that earlier faults come first.
    case stray(problem: String, advice: String)
  }

  let kind: Kind
  let text: String
  /// From 0.
  let line: Int
  /// Of scalars, from 0.
  let column: Int

  /// Whether a primary term begins here.
  var beginsTerm: Bool {
    switch kind {
    case .name, .number, .opening: true
    case .operation, .closing, .comma, .equals, .stray: false
    }
  }

  func isWord(_ word: String) -> Bool { kind == .name && text == word }
}
