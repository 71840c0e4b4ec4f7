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

  /// The text of a labelled sentence.
  static func text(_ selector: ColumnSelector?) -> TableColumn {
    TableColumn(
      meaning: "text", option: "--text-column",
      usualNames: [
        "text", "sentence", "review", "tweet", "content", "comment", "phrase", "document", "question",
      ], selector: selector)
  }

  /// The label of a labelled sentence.
  static func label(_ selector: ColumnSelector?) -> TableColumn {
    TableColumn(
      meaning: "label", option: "--label-column",
      usualNames: [
        "label", "labels", "sentiment", "class", "category", "target", "polarity", "rating", "stars",
      ], selector: selector)
  }
}
