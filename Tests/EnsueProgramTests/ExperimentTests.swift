// The experiments as commands: their files, and what they refuse.

import EnsueFiles
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct ExperimentTests {
  @Test func anExperimentLeavesItsPageAndCharts() throws {
    try Sandbox.with { sandbox in
      let result = try Program.run(
        "experiment attention-zoo --size quick --seeds 1 --threads 2 --quiet --out runs/zoo", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      #expect(sandbox.exists("runs/zoo/report.html") && sandbox.exists("runs/zoo/weights.svg"))
      #expect(try sandbox.text("runs/zoo/report.html").contains("scaled dot"))
      #expect(result.outputLines.contains { $0.hasPrefix("feature-based ") }, "\(result)")
    }
  }

  @Test(arguments: ["latch", "vanishing-gradient", "odyssey", "regularisers", "warmup"])
  func aQuickExperimentLeavesItsPage(_ name: String) throws {
    try Sandbox.with { sandbox in
      let result = try Program.run(
        "experiment \(name) --size quick --seeds 1 --threads 2 --quiet --out runs/cells", in: sandbox.path)
      try #require(result.code == 0 && !result.output.isEmpty, "\(result)")
      #expect(try sandbox.text("runs/cells/report.html").contains("<svg "))
    }
  }

  /// Longer than a minute where other tests run beside them.
  @Test(arguments: [
    ("context --data text.txt", ["parameters.svg", "positions.svg"]), ("levels", ["rules.svg", "valid.svg"]),
  ])
  func anExperimentOnCharactersLeavesItsPageAndCharts(_ command: String, _ charts: [String]) throws {
    try Sandbox.withText(lines: 200) { sandbox in
      let before = Set(try sandbox.snapshot().keys)
      let words = Program.words("experiment \(command) --size quick --seeds 1 --threads 2 --quiet --out runs/texts")
      let result = try Program.start(words, in: sandbox.path).result(within: 600)
      try #require(result.code == 0 && !result.output.isEmpty, "\(result)")
      let made = Set(try sandbox.snapshot().keys).subtracting(before)
      #expect(made == Set(["runs", "runs/texts"] + (charts + ["report.html"]).map { "runs/texts/\($0)" }))
      let page = try sandbox.text("runs/texts/report.html")
      #expect(page.contains("<svg ") && page.contains("LSTM"))
      // Where a text is read the report says which.
      #expect(page.contains("text.txt") == command.contains("--data"))
    }
  }

  @Test(arguments: [
    ("context-vector", ["lengths.svg", "bleu.svg"], "every-step"),
    ("scheduled-sampling", ["exact-match.svg", "schedules.svg"], "inverse-sigmoid"),
    ("minibatch", ["loss.svg", "score.svg"], "target-source"),
  ])
  func anExperimentOnTranslatorsLeavesItsPageAndCharts(_ name: String, _ charts: [String], _ word: String) throws {
    try Sandbox.with { sandbox in
      try ExperimentTests.check("experiment \(name)", charts, word, in: sandbox)
      #expect(try !sandbox.text("runs/pairs/report.html").contains("Multi30k"))
    }
  }

  @Test(
    .enabled(if: InputFile.isDirectory("\(TestFiles.data ?? "")/multi30k"), "\(TestFiles.dataIsAbsent)"),
    arguments: [("context-vector", ["lengths.svg"], "BLEU"), ("minibatch", ["loss.svg", "score.svg"], "BLEU")])
  func anExperimentOnTranslatorsReadsSentences(_ name: String, _ charts: [String], _ word: String) throws {
    try Sandbox.with { sandbox in
      try ExperimentTests.check(
        "experiment \(name) --data \(TestFiles.data ?? "")/multi30k", charts, word, in: sandbox)
      #expect(try sandbox.text("runs/pairs/report.html").contains("Multi30k"))
    }
  }

  private static func check(_ command: String, _ charts: [String], _ word: String, in sandbox: Sandbox) throws {
    let before = Set(try sandbox.snapshot().keys)
    let words = Program.words("\(command) --size quick --seeds 1 --threads 2 --quiet --out runs/pairs")
    let result = try Program.start(words, in: sandbox.path).result(within: 600)
    try #require(result.code == 0 && !result.output.isEmpty, "\(result)")
    let made = Set(try sandbox.snapshot().keys).subtracting(before)
    #expect(made == Set(["runs", "runs/pairs"] + (charts + ["report.html"]).map { "runs/pairs/\($0)" }))
    let page = try sandbox.text("runs/pairs/report.html")
    #expect(page.contains("<svg ") && page.contains(word) && result.outputText.contains(word), "\(result)")
  }

  private static let badTexts = [
    BadCase("a context without its text", "experiment context --size quick --data gone.txt --out runs", 66, "gone.txt"),
    BadCase("a context of no text", "experiment context --size quick --data none.txt --out runs", 65, "an empty file") {
      try $0.write("", "none.txt")
    },
    BadCase(
      "a text shorter than the held-out windows", "experiment context --size quick --data short.txt --quiet --out runs",
      65, "short.txt", "at least 1920 characters", "found 1910"
    ) { try $0.write(String(repeating: "a text ...", count: 191), "short.txt") },
    BadCase("levels of a text", "experiment levels --size quick --data data.tsv --out runs", 64, "--data"),
  ]

  @Test(arguments: badTexts) func aTextThatCannotBeReadIsRefused(_ bad: BadCase) throws { try bad.check() }

  @Test func theLaboratoryTunesPretrainedModelsAndGoesOnAfterARunThatDiverged() throws {
    try Sandbox.with { sandbox in
      let labels = ["negative", "neutral", "positive"]
      let rows = Sentences.rows(count: 60).enumerated().map { "\($0)\t\(labels[$0 % 3])\t\($1.text)\n" }
      for part in ["train_dev", "gold"] { try sandbox.write(rows.joined(), "tweets/\(part)/a.txt") }
      try TinyEncoder.write(to: sandbox.place("encoder"))
      try TinyEncoder.write(seed: 2, to: sandbox.place("other/encoder"))
      // Sums of such vectors are beyond 32 bits; a bag of words has none.
      try sandbox.write(Sentences.vectors(width: 4, value: "3e38"), "v.txt")
      let result = try Program.run(
        "experiment lab --dataset semeval --data tweets --embeddings v.txt --from encoder"
          + " --measure encoder,other/encoder --map LABEL_0=negative,LABEL_1=positive --size quick --quiet --out lab",
        in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      #expect(result.errorText.contains("mean-seed1: training diverged at step 1"), "\(result)")
      let text = result.outputText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(text.contains(#/[1-5] runs? diverged; figures are over the others/#), "\(result)")
      #expect(text.contains("What does pre-training add?") && text.contains("1 of them came pre-trained"), "\(result)")
      #expect(sandbox.exists("lab/report.html") && sandbox.exists("lab/encoder-seed1/bundle/config.json"))
      // The same model as it came, a row of its own, and one of the same name from another folder.
      #expect(text.contains("encoder, as it is") && text.contains("other/encoder, as it is"), "\(result)")
      #expect(text.contains("2 of them came trained for the task"), "\(result)")
      #expect(text.contains("What does a classifier know of data that it was not trained on"), "\(result)")
      #expect(result.errorText.contains("encoder: labels: LABEL_0 means negative"), "\(result)")
    }
  }

  /// All of a folder is read before the first classifier trains.
  @Test(arguments: [
    ("--from encoder", 65, "is missing"), ("--measure encoder", 65, "is missing"),
    ("--measure whole", 64, "--map"), ("--from whole --map LABEL_0=negative", 64, "--measure"),
  ])
  func aModelThatCannotBeReadIsSaidFirst(_ options: String, _ code: Int, _ words: String) throws {
    try Sandbox.with { sandbox in
      let labels = ["negative", "neutral", "positive"]
      let rows = Sentences.rows(count: 60).enumerated().map { "\($0)\t\(labels[$0 % 3])\t\($1.text)\n" }
      for part in ["train_dev", "gold"] { try sandbox.write(rows.joined(), "tweets/\(part)/a.txt") }
      for name in ["encoder", "whole"] { try TinyEncoder.write(to: sandbox.place(name)) }
      let file = sandbox.place("encoder/model.safetensors")
      let reader = try SafetensorsReader(file)
      let kept = reader.names.filter { !$0.contains("layer.0.attention.self.query.weight") }
      try SafetensorsWriter.write(try kept.map { (name: $0, tensor: try reader.tensor($0)) }, to: file)
      let result = try Program.run(
        "experiment lab --dataset semeval --data tweets \(options) --size quick --out lab", in: sandbox.path)
      #expect(result.code.map { Int($0) } == code && result.errorLines.count == 1, "\(result)")
      #expect(result.errorText.contains(words) && !sandbox.exists("lab"), "\(result)")
    }
  }

  @Test(arguments: [
    ("experiment lab", 64, "--data"), ("experiment lab --data x --dataset imdb", 64, "semeval"),
    ("experiment lab --data no-such-folder", 66, "no-such-folder"),
    ("experiment lab --data x --from no-such-model", 66, "no-such-model"),
    ("experiment lab --data x --size huge", 64, "standard"), ("experiment warmup --seeds 0", 64, "--seeds"),
    ("experiment warm-up", 64, "warmup"),
    // At once, not after hours.
    ("experiment latch --size paper --quiet --out data.tsv/latch", 73, "data.tsv"),
  ])
  func whatCannotBeIsRefusedInOneLine(_ command: String, _ code: Int, _ words: String) throws {
    try Sandbox.with { sandbox in
      let result = try Program.run(command, in: sandbox.path)
      #expect(result.code.map { Int($0) } == code && result.output.isEmpty, "\(result)")
      #expect("\(result)".contains(words), "\(result)")
      #expect(!sandbox.exists("runs"))
    }
  }
}
