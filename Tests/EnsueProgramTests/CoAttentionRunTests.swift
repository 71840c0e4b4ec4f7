// Pairs of texts from the command line, with a classifier made for them: trained, measured, used, looked into.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Suite struct CoAttentionRunTests {
  private static let columns = "--text-column first --pair-column second --label-column class"
  private static let line =
    "train classify --data data.tsv --test test.tsv \(columns) --model co-attention --embedding-size 12 --quiet"

  private static func with(_ options: String, _ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(Pairs.table(400), "data.tsv")
      try sandbox.write(Pairs.table(90), "test.tsv")
      let trained = try Program.run("\(line) \(options) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      try body(sandbox)
    }
  }

  private static func object(_ result: ProgramResult) throws -> JSONObject {
    try #require(try MainJobTests.json(result).objectValue)
  }

  @Test func pairsAreLearntMeasuredAndPredicted() throws {
    try Self.with("--hidden 12 --learning-rate 0.01 --epochs 30 --patience 30 --batch 16") { sandbox in
      let own = try Self.object(try Program.run("evaluate run --json", in: sandbox.path))
      #expect(try #require(own["accuracy"]?.doubleValue) > 0.9, "\(own)")
      let other = try Self.object(
        try Program.run("evaluate run/bundle --data test.tsv \(Self.columns) --json", in: sandbox.path))
      for key in ["accuracy", "loss", "count"] { #expect(other[key] == own[key], "\(key)") }
      #expect(try sandbox.text("run/predictions.tsv").hasPrefix("truth\tprediction\tp(other)\tp(same)\ttext\tpair\n"))
      let compared = try Program.run("compare run --json", in: sandbox.path)
      #expect(compared.code == 0 && compared.outputText.contains("co-attention"), "\(compared)")
      let alone = try Program.run(
        "evaluate run/bundle --data test.tsv --text-column first --label-column class", in: sandbox.path)
      #expect(alone.code == 64 && alone.errorText.contains("--pair-column"), "\(alone)")
      // What was said of the test pairs is said of them again, by line and by option.
      let rows = try sandbox.text("run/predictions.tsv").split(separator: "\n").dropFirst().prefix(5)
        .map { $0.split(separator: "\t").map(String.init) }
      let input = rows.map { "\($0[4])\t\($0[5])\n" }.joined()
      let said = try Program.run("predict run", in: sandbox.path, input: Array(input.utf8))
      let labels = said.outputLines.compactMap { $0.split(separator: "\t").first.map(String.init) }
      #expect(labels == rows.map { $0[1] }, "\(said)")
      let one = try Program.run(["predict", "run", rows[0][4], "--pair", rows[0][5]], in: sandbox.path)
      #expect(one.outputLines == [said.outputLines[0]], "\(one)")
    }
  }

  @Test func wordsOfBothTextsAreLookedAt() throws {
    try Self.with("--hidden 4 --epochs 1 --maximum-length 10") { sandbox in
      let words = ["attend", "run", "the food was good", "--pair", "so bad"]
      let reading = try Self.object(try Program.run(words + ["--json"], in: sandbox.path))
      #expect(reading["pair"] == .string("so bad"))
      let maps = try AttendTests.maps(reading)
      #expect(maps.map { $0["level"] } == [.string("co-attention")])
      #expect(maps[0]["queries"]?.arrayValue?.compactMap(\.stringValue) == ["the", "food", "was", "good"])
      #expect(maps[0]["keys"]?.arrayValue?.compactMap(\.stringValue) == ["so", "bad"])
      let weights = try AttendTests.weights(maps[0])
      #expect(weights.count == 4 && weights.allSatisfy { $0.count == 2 && $0.allSatisfy { abs($0) <= 1 } })
      let shown = try Program.run(words, in: sandbox.path)
      #expect(shown.code == 0 && shown.outputText.contains("the words of both texts"), "\(shown)")
      let picture = try Program.run(words + ["--svg", "map.svg"], in: sandbox.path)
      #expect(picture.code == 0, "\(picture)")
      #expect(try sandbox.text("map.svg").contains(">food</text>"))
      let piped = try Program.run(
        "attend run --json", in: sandbox.path, input: Array("the food was good\tso bad\nwarm\tcold\nwarm\n".utf8))
      let lines = try piped.outputLines.map { try JSONValue.parse(Array($0.utf8), name: "output").objectValue }
      #expect(lines.count == 2 && lines[0] == reading && lines[1]?["pair"] == .string("cold"), "\(piped)")
      #expect(piped.code == 65 && piped.errorText.contains("standard input:3: two texts with a tab"), "\(piped)")
      for (line, code, word) in [
        ("attend run good", 64, "--pair: a second text expected"), ("predict run good", 65, "found one text"),
      ] as [(String, Int32, String)] {
        let refused = try Program.run(line, in: sandbox.path)
        #expect(refused.code == code && refused.errorText.contains(word), "\(refused)")
        #expect(refused.errorLines.count == 1, "\(refused)")
      }
    }
  }

  @Test func textsThatAreCutAreCounted() throws {
    try Sandbox.with { sandbox in
      let rows = String(repeating: "a b c\td\tx\ne\tf g h\ty\ni\tj\tx\n", count: 5)
      try sandbox.write("first\tsecond\tclass\n" + rows, "data.tsv")
      let result = try Program.run(
        "train classify --data data.tsv --validation data.tsv \(Self.columns) --model co-attention --hidden 2"
          + " --embedding-size 2 --epochs 1 --maximum-length 2 --out run", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      #expect(result.errorText.contains("10 pairs have a text longer than 2 tokens, which is cut"), "\(result)")
    }
  }
}
