// `ensue cells`: what it prints, and the page of the documentation that is its output.

import EnsueFiles
import EnsueLayers
import EnsueTestSupport
import Foundation
import Testing

@Suite struct CellsTests {
  @Test func thePageOfTheDocumentationIsUpToDate() throws {
    let page = String(decoding: try InputFile.contents(of: "\(TestFiles.root)/Documentation/Cells.md"), as: UTF8.self)
    let result = try Program.run(["cells", "list", "--markdown"], in: TestFiles.root)
    #expect(result.code == 0)
    #expect(result.outputText == page, "run `ensue cells list --markdown > Documentation/Cells.md`")
  }

  @Test(arguments: RecurrentCellKind.allCases) func everyCellIsShown(_ kind: RecurrentCellKind) throws {
    let result = try Program.run(["cells", "show", kind.rawValue], in: TestFiles.root)
    #expect(result.code == 0)
    #expect(result.outputText.contains(kind.formula().text))
    for form in ["ascii", "latex", "mathml"] {
      #expect(try Program.run(["cells", "show", kind.rawValue, "--form", form], in: TestFiles.root).code == 0)
    }
  }

  @Test func aCellOfOnesOwnIsCheckedWithACaret() throws {
    try TestFiles.withDirectory { folder in
      try OutputFile.write("state h\nh' = tanh(W_h x + U_h k + b_h)\noutput h'\n", to: "\(folder)/cell.txt")
      let result = try Program.run(["cells", "show", "--cell-file", "\(folder)/cell.txt"], in: TestFiles.root)
      #expect(result.code == 65)
      let lines = result.errorLines
      #expect(lines.count == 3 && lines[0].hasPrefix("error: \(folder)/cell.txt:2: unknown name k."))
      #expect(lines.last?.utf8.count == "  h' = tanh(W_h x + U_h ".utf8.count + 1)
    }
  }

  private static let own = "state h\nh' = tanh(W_h x + U_h h + b_h)\noutput h'\n"

  @Test func aClassifierIsTrainedWithACellOfOnesOwn() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(CellsTests.own, "own.txt")
      let trained = try Program.run("\(TrainedRun.command) --cell-file own.txt --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      #expect(trained.outputText.contains("own cell"), "\(trained)")
      let predicted = try Program.run("predict run good", in: sandbox.path)
      #expect(predicted.code == 0 && predicted.outputLines.count == 1, "\(predicted)")
    }
  }

  /// The cell that README.md begins with.
  private static func cellOfTheReadme() throws -> String {
    let page = String(decoding: try InputFile.contents(of: "\(TestFiles.root)/README.md"), as: UTF8.self)
    let start = try #require(page.range(of: "state h, fast, slow\n")).lowerBound
    let end = try #require(page.range(of: "\noutput h'\n", range: start..<page.endIndex)).upperBound
    return String(page[start..<end])
  }

  private static let pieces = """
    {"train": [[[60, 64], [62], [60, 64], [62]], [[62], [60, 64], [62]]],
     "valid": [[[60, 64], [62], [60, 64]]], "test": [[[62], [60, 64], [62]]]}
    """

  /// In every task it is trained, kept and used.
  @Test(arguments: [
    (TrainedRun.command, "predict run good"), (LanguageRun.command, "generate run --prompt the --length 3"),
    ("train rolls --data pieces.json --hidden 4 --epochs 2 --batch 2 --quiet", "rolls generate run --steps 12"),
    (TranslatingRun.recurrent.replacingOccurrences(of: "600", with: "60"), "translate run a"),
    (TranslatingRun.fixed.replacingOccurrences(of: "600", with: "60"), "translate run a"),
  ])
  func theReadmesCellIsTrainedInEveryTask(_ training: String, _ use: String) throws {
    try Sandbox.withText { sandbox in
      try sandbox.write(try CellsTests.cellOfTheReadme(), "own.txt")
      try sandbox.write(CellsTests.pieces, "pieces.json")
      let trained = try Program.run("\(training) --cell-file own.txt --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let shown = try Program.run("cells show run", in: sandbox.path)
      #expect(shown.outputLines.first?.contains("own cell") == true, "\(shown)")
      #expect(shown.outputText.contains("slow' = 0.95 ⊙ slow + 0.05 ⊙ fast'"), "\(shown)")
      let used = try Program.run(use, in: sandbox.path)
      #expect(used.code == 0 && !used.output.isEmpty, "\(used)")
    }
  }

  @Test(arguments: [
    "train classify --cell lstm", "train language --cell lstm", "train translate --cell lstm",
    "train rolls --cell gru", "train language --set model.cell=gru",
  ])
  func aNameAndAFileAreRefused(_ command: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(CellsTests.own, "own.txt")
      let result = try Program.run("\(command) --cell-file own.txt --data data.tsv --out out", in: sandbox.path)
      #expect(result.code == 64 && result.errorLines.count == 1, "\(result)")
      #expect(result.errorText.contains("--cell: a cell's name or --cell-file expected, found both"), "\(result)")
      #expect(!sandbox.exists("out"))
    }
  }

  @Test(arguments: [["cells", "show"], ["cells", "show", "lstm", "--cell-file", "x"], ["cells", "show", "lstn"]])
  func wrongArgumentsAreRefused(_ arguments: [String]) throws {
    let result = try Program.run(arguments, in: TestFiles.root)
    #expect(result.code == 64)
    #expect(result.errorText.hasPrefix("error: "))
  }
}
