// A column that a reader looks for in a table: what it is called in messages, and how it is found.

/// A column to find in the first row of a table.
struct TableColumn {
  /// What it holds, such as `text`.
  let meaning: String
  /// The option that names it.
  let option: String
  /// Names that mean it when nothing else is said; the first that occurs counts.
  let usualNames: [String]
  /// What the user said.
  let selector: ColumnSelector?
  /// How to say which it is, where not every command that reads such tables has the option.
  var advice: String?

  /// The text of a labelled sentence, or the first of a pair.
  static func text(_ options: ReadingOptions) -> TableColumn {
    let usual = ["text", "sentence", "review", "tweet", "content", "comment", "phrase", "document", "question"]
    return TableColumn(
      meaning: "text", option: "--text-column",
      usualNames: (options.pairColumn == nil ? [] : ["sentence1", "premise", "question1", "text1"]) + usual,
      selector: options.textColumn)
  }

  /// The second text of a pair; nil where there are no pairs.
  static func pair(_ options: ReadingOptions) -> TableColumn? {
    options.pairColumn.map { selector in
      TableColumn(
        meaning: "pair", option: "--pair-column",
        usualNames: ["sentence2", "hypothesis", "question2", "text2", "pair"], selector: selector)
    }
  }

  /// The label of a labelled sentence.
  static func label(_ options: ReadingOptions) -> TableColumn {
    let usual = ["label", "labels", "sentiment", "class", "category", "target", "polarity", "rating", "stars"]
    return TableColumn(
      meaning: "label", option: "--label-column",
      usualNames: (options.labelKind == .number ? ["score", "similarity"] : []) + usual, selector: options.labelColumn)
  }
}
