// The generated texts by the names one types: what character models learn where no file is at hand. The first three
// after Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network architectures", ICML 2015.

/// A kind of generated text.
public enum TextTaskKind: String, Codable, CaseIterable, Sendable {
  case names
  case xml
  case arithmetic
  case levels

  /// One line for help texts and tables.
  public var summary: String {
    switch self {
    case .names: "names of two to four syllables"
    case .xml: "elements whose tags are made up, nested, and closed in order"
    case .arithmetic: "sums, differences and products with brackets, and their results"
    case .levels: "maps of game levels, column by column, that can be walked through"
    }
  }

  /// What ends a sample in a text of many: the end of its line, or an empty line where a sample has several.
  public var ending: String {
    switch self {
    case .names, .xml, .arithmetic: "\n"
    case .levels: "\n\n"
    }
  }

  /// Every character of the samples; a line end stands in texts besides.
  public var characters: String { grammar.characters }

  /// Whether a text, without its ending, keeps all rules of its kind.
  public func isValid(_ sample: some StringProtocol) -> Bool { grammar.isValid(Array(sample.utf8)) }

  var grammar: any TextGrammar.Type {
    switch self {
    case .names: NameGrammar.self
    case .xml: XMLGrammar.self
    case .arithmetic: ArithmeticGrammar.self
    case .levels: LevelGrammar.self
    }
  }
}
