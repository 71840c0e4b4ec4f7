// ensue cells list, ensue cells show

import EnsueFiles
import EnsueLayers
import EnsueReport
import EnsueTasks

extension ProgramCommand {
  static let cellsList = ProgramCommand(
    Command(
      "cells list", group: "Cells", "the recurrent cells by name",
      discussion: "Each is a formula: `ensue cells show NAME` prints it.",
      options: [.flag("markdown", "a page with every cell's equations, as in the documentation")])
  ) { arguments, output in
    if arguments.flag("markdown") { return try output.write(CellsPage.markdown) }
    let table = TextTable(
      columns: [
        TextTable.Column("cell"), TextTable.Column("states"), TextTable.Column("matrices", .trailing),
        TextTable.Column("what it is"),
      ],
      rows: RecurrentCellKind.allCases.map { kind in
        let formula = kind.formula()
        return [
          kind.rawValue, formula.states.joined(separator: " "),
          "\(formula.parameters.count { $0.kind.isMap })", kind.summary,
        ]
      })
    try output.write(table.text(width: Terminal.width))
  }

  static let cellsShow = ProgramCommand(
    Command(
      "cells show", group: "Cells", "a recurrent cell's equations, weights and plan, by name or of a trained model",
      discussion: """
        A cell is its equations. Write your own in the same form and train with it: \
        `ensue train classify --cell-file my-cell.txt …`. Names say the kind: W_ maps the input, U_ a state or value, \
        p_ multiplies unit by unit, b_ is added; a prime marks a state after the step. σ ⊙ − may be written \
        sigmoid * -.

        Of a run or bundle: the equations that all its recurrent layers were trained with, rewrites such as layer \
        normalisation among them, and the sizes of its first layer.
        """,
      examples: [
        CommandExample("the LSTM with peepholes", "ensue cells show lstm-peephole"),
        CommandExample("check a cell of your own", "ensue cells show --cell-file my-cell.txt"),
        CommandExample("the equations of a trained model", "ensue cells show runs/first"),
      ],
      positionals: [
        Positional("NAME", .path, .optional, "a cell of `ensue cells list`, or a run folder or a bundle")
      ],
      options: [
        .value("cell-file", .path, placeholder: "FILE", "a file of equations instead of a name"),
        .value(
          "form", .choice(FormulaForm.allCases.map(\.rawValue)), default: FormulaForm.text.rawValue,
          "how the equations are written"),
        .value("input", .integer(1...65_536), placeholder: "N", default: "100", "features of x; a model has its own"),
        .value("hidden", .integer(1...65_536), placeholder: "N", default: "100", "units; a model has its own"),
      ])
  ) { arguments, output in
    let name = arguments.positional("NAME")
    let kind = name.flatMap { RecurrentCellKind(rawValue: $0) }
    var model: ModelCell?
    let formula: CellFormula
    switch (name, arguments.text("cell-file")) {
    case (let name?, nil):
      if let kind {
        formula = kind.formula()
      } else {
        let cell = try modelCell(name)
        (model, formula) = (cell, cell.formula)
      }
    case (nil, let file?): formula = try CellFormula(contentsOf: file)
    default:
      throw Failure(
        .usage, "a cell's name or --cell-file expected, found \(name == nil ? "neither" : "both")",
        advice: "See `ensue cells list`.")
    }
    switch arguments.text("form").flatMap({ FormulaForm(rawValue: $0) }) ?? .text {
    case .text: break
    case .ascii: return try output.writeLine(formula.ascii)
    case .latex: return try output.writeLine(formula.latex)
    case .mathML: return try output.writeLine(formula.mathML)
    }
    if let kind { try output.writeLine("\(kind.title): \(kind.summary)\n") }
    if let model { try output.writeLine("\(model.title)\n") }
    try output.writeLine(formula.text + "\n")
    let input = arguments.integer("input") ?? model?.inputSize ?? 100
    let hidden = arguments.integer("hidden") ?? model?.hiddenSize ?? 100
    let outline = CellOutline(formula, inputSize: input, hiddenSize: hidden)
    let table = TextTable(
      columns: [TextTable.Column("weight"), TextTable.Column("shape"), TextTable.Column("what it is")],
      rows: outline.weights.map { [$0.name, "\($0.shape)", $0.meaning] })
    try output.write(table.text(width: Terminal.width))
    for line in outline.lines { try output.writeLine(line) }
  }

  /// The cell of a trained model.
  /// - Throws: `Failure` of kind `usage` for what is neither a cell's name nor looks like a path.
  private static func modelCell(_ name: String) throws -> ModelCell {
    guard InputFile.exists(name) || name.utf8.contains(UInt8(ascii: "/")) else {
      let near = Failure.nearest(to: name, among: RecurrentCellKind.allCases.map(\.rawValue))
      throw Failure(
        .usage, at: "NAME", "a cell's name, or a run folder or bundle, expected, found \(Failure.shown(name))",
        advice: near.map { "Did you mean \($0)?" } ?? "See `ensue cells list`.")
    }
    return try ModelCell(of: name)
  }
}

/// How `cells show` writes equations.
enum FormulaForm: String, CaseIterable {
  case text
  case ascii
  case latex
  case mathML = "mathml"
}
