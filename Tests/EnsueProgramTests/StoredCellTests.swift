// The cell of a trained model: its equations in the bundle, on the screen, and in charge of what the model computes.

import EnsueFiles
import Testing

@Suite struct StoredCellTests {
  private static let settings = "run/bundle/configuration.json"

  private static func predicted(_ sandbox: borrowing Sandbox) throws -> String {
    let result = try Program.run("predict run good --json", in: sandbox.path)
    try #require(result.code == 0, "\(result)")
    return result.outputText
  }

  /// The equations of the bundle hold, not those of the cell of that name.
  @Test func storedEquationsWin() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let before = try StoredCellTests.predicted(sandbox)
      try sandbox.replace("o ⊙ tanh(c')", with: "o ⊙ c'", in: StoredCellTests.settings)
      #expect(try StoredCellTests.predicted(sandbox) != before)
      let shown = try Program.run("cells show run", in: sandbox.path)
      #expect(shown.code == 0 && shown.outputText.contains("\nh' = o ⊙ c'\noutput h'\n"), "\(shown)")
      #expect(shown.outputLines.first == "LSTM", "\(shown)")
      #expect(shown.outputText.contains("at input 4, hidden 4."), "\(shown)")
      try sandbox.replace("output h'", with: "output k", in: StoredCellTests.settings)
      let refused = try Program.run("predict run good", in: sandbox.path)
      #expect(refused.code == 65 && refused.errorText.contains("architecture: equations:8: "), "\(refused)")
    }
  }

  /// A bundle from before equations were stored.
  @Test func aBundleWithoutEquationsIsRead() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let before = try StoredCellTests.predicted(sandbox)
      var lines = try sandbox.text(StoredCellTests.settings).split(separator: "\n").map(String.init)
      lines.removeAll { $0.contains("\"equations\": ") }
      try sandbox.write(lines.joined(separator: "\n"), StoredCellTests.settings)
      #expect(try StoredCellTests.predicted(sandbox) == before)
      let shown = try Program.run("cells show run", in: sandbox.path)
      #expect(shown.code == 0 && shown.outputText.contains("\nh' = o ⊙ tanh(c')\noutput h'\n"), "\(shown)")
    }
  }

  @Test func rewritesAreShown() throws {
    try Sandbox.withText { sandbox in
      let trained = try Program.run("\(LanguageRun.command) --layer-norm --leak 0.5 --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let shown = try Program.run("cells show run", in: sandbox.path)
      #expect(shown.code == 0 && shown.outputText.contains("norm("), "\(shown)")
      #expect(shown.outputText.contains("(1 − 0.5) ⊙ h"), "\(shown)")
      #expect(try sandbox.text(StoredCellTests.settings).contains("(1 − 0.5) ⊙ h"))
      let latex = try Program.run("cells show run/bundle --form latex", in: sandbox.path)
      #expect(latex.code == 0 && latex.outputText.hasPrefix("\\begin{aligned}"), "\(latex)")
    }
  }

  @Test func theCellOfATranslatorIsShown() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      let shown = try Program.run("cells show run", in: sandbox.path)
      #expect(shown.code == 0 && shown.outputLines.first == "GRU, bahdanau", "\(shown)")
      #expect(shown.outputText.contains("at input 8, hidden 8."), "\(shown)")
      #expect(try sandbox.text(StoredCellTests.settings).contains("\"equations\": \"state h"))
    }
  }

  @Test func whatHasNoCellIsRefused() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun(TranslatingRun.sharedTransformer)
      for (name, code, words) in [
        ("run", Int32(64), "a recurrent model expected, found"), ("no/such", 66, "found nothing"),
        ("lstn", 64, "Did you mean lstm?"),
      ] {
        let result = try Program.run("cells show \(name)", in: sandbox.path)
        #expect(result.code == code && result.errorText.contains(words), "\(result)")
      }
    }
  }
}
