// ensue attention list

import EnsueLayers
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let attentionList = ProgramCommand(
    Command(
      "attention list", group: "Attention", "the alignment and distribution functions of attention by name",
      discussion: """
        A score says how well a key k fits a query q; a distribution makes weights of the scores e of one query. Any \
        score goes with any distribution.
        """,
      options: [.flag("markdown", "the same as tables for a page, as in the documentation")])
  ) { arguments, output in
    if arguments.flag("markdown") { return try output.write(AttentionPage.markdown) }
    let parts = [AttentionPage.scores, AttentionPage.distributions]
    for (index, part) in parts.enumerated() {
      if index > 0 { try output.writeLine("") }
      let table = TextTable(
        columns: [TextTable.Column(part.title), TextTable.Column("equation"), TextTable.Column("what it is")],
        rows: part.functions.map { [$0.name, $0.card.equation, "\($0.card.summary) (\($0.card.paper))"] })
      try output.write(table.text(width: Terminal.width))
    }
  }
}
