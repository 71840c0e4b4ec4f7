// The tables of Documentation/Attention.md: every alignment and distribution function. A test holds the page to them.

import EnsueLayers

enum AttentionPage {
  struct Part {
    /// The head of the column of names.
    let title: String
    let functions: [(name: String, card: AttentionFunctionCard)]
  }

  static let scores = Part(
    title: "score", functions: AttentionScoreKind.allCases.map { (name: $0.rawValue, card: $0.card) })

  static let distributions = Part(
    title: "distribution", functions: AttentionDistributionKind.allCases.map { (name: $0.rawValue, card: $0.card) })

  static var markdown: String { [scores, distributions].map(table).joined(separator: "\n") }

  /// Equations stand as code: they hold signs that Markdown would take for its own.
  private static func table(_ part: Part) -> String {
    let rows = part.functions.map { name, card in
      "| `\(name)` | `\(card.equation)` | \(card.summary) | \(card.paper) |\n"
    }
    return "| \(part.title) | equation | what it is | paper |\n|---|---|---|---|\n" + rows.joined()
  }
}
