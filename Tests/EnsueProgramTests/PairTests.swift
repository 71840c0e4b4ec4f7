// Pairs of texts and numbers from the command line: fine-tuned, measured, used, and opened by transformers.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

/// Python with transformers: `ENSUE_PEER_PYTHON`, else `python3`; nil where it is not installed.
private let peerPython: String? = {
  let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
  let found = try? Program.other([python, "-c", "import torch, transformers"], in: NSTemporaryDirectory())
  return found?.code == 0 ? python : nil
}()

/// Pairs of generated sentences.
enum Pairs {
  /// The number counts what is good: 2 for the first text, 1 for the second; the class says whether both are alike.
  private static func rows(_ count: Int) -> [(first: String, second: String, number: Double, label: String)] {
    let sentences = Sentences.rows(count: 2 * count)
    return (0..<count).map { index in
      let (first, second) = (sentences[index], sentences[count + (index * 5 + index / 7) % count])
      let number = (first.label == "pos" ? 2.0 : 0) + (second.label == "pos" ? 1 : 0)
      return (first.text, second.text, number, first.label == second.label ? "same" : "other")
    }
  }

  static func table(_ count: Int) -> String {
    "first\tsecond\tnumber\tclass\n"
      + rows(count).map { "\($0.first)\t\($0.second)\t\($0.number)\t\($0.label)\n" }.joined()
  }
}

@Suite(.serialized) struct PairTests {
  private static let columns = "--text-column first --pair-column second"
  private static let line =
    "train classify --from encoder --data data.tsv --test test.tsv \(columns) --learning-rate 3e-3 --epochs 12 --batch 16"
    + " --quiet"
  private static let numbers = "--label-column number --label-kind number"

  private static func with(_ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(Pairs.table(400), "data.tsv")
      try sandbox.write(Pairs.table(90), "test.tsv")
      try TinyEncoder.write(to: sandbox.place("encoder"))
      try body(sandbox)
    }
  }

  private static func train(_ sandbox: Sandbox, _ options: String, _ run: String) throws {
    let result = try Program.run("\(line) \(options) --out \(run)", in: sandbox.path)
    try #require(result.code == 0, "\(options): \(result)")
  }

  private static func object(_ result: ProgramResult) throws -> JSONObject {
    try #require(try MainJobTests.json(result).objectValue)
  }

  @Test func aNumberIsLearntMeasuredAndPredicted() throws {
    try Self.with { sandbox in
      try Self.train(sandbox, "\(Self.numbers) --metric pearson", "run")
      let own = try Self.object(try Program.run("evaluate run --json", in: sandbox.path))
      #expect(try #require(own["pearson"]?.doubleValue) > 0.9, "\(own)")
      #expect(own["accuracy"] == nil && own["mse"] == own["loss"])
      let other = try Self.object(
        try Program.run(
          "evaluate run/bundle --data test.tsv \(Self.columns) --label-column number --json", in: sandbox.path))
      for key in ["mse", "pearson", "spearman", "count"] { #expect(other[key] == own[key], "\(key)") }
      let shown = try Program.run("evaluate run", in: sandbox.path)
      for title in ["mean squared error", "Pearson", "Spearman", "sentences"] {
        #expect(shown.outputText.contains(title), "\(shown)")
      }
      let table = try Program.run(
        ["evaluate", "run", "run/bundle"]
          + Program.words(
            "--data test.tsv \(Self.columns) --label-column number"), in: sandbox.path)
      #expect(table.outputText.contains("Pearson") && !table.outputText.contains("accuracy"), "\(table)")
      #expect(try sandbox.text("run/predictions.tsv").hasPrefix("truth\tprediction\ttext\tpair\n"))
      let config = try sandbox.text("run/bundle/config.json")
      for words in ["\"regression\"", "\"num_labels\": 1", "\"ensue_reads_pairs\": true"] {
        #expect(config.contains(words), "\(words) expected in \(config)")
      }
      let page = try sandbox.text("run/report.html")
      #expect(page.contains("Pearson") && !page.contains("NaN") && !page.contains("Accuracy"))
      let compared = try Program.run("compare run --json", in: sandbox.path)
      #expect(compared.outputText.contains("\"pearson\"") && !compared.outputText.contains("NaN"), "\(compared)")
    }
  }

  @Test func linesAreAnsweredAsPairs() throws {
    try Self.with { sandbox in
      try Self.train(sandbox, Self.numbers, "run")
      let (good, bad) = ("the food was very lovely", "the plot was so awful")
      let input = Array("\(good)\t\(bad)\n\(bad)\t\(good)\n".utf8)
      let said = try Program.run("predict run", in: sandbox.path, input: input)
      let lines = said.outputLines.map { $0.split(separator: "\t").map(String.init) }
      #expect(lines.count == 2 && lines.allSatisfy { $0.count == 3 }, "\(said)")
      #expect(lines.map { $0[1] } == [good, bad] && lines.map { $0[2] } == [bad, good])
      let numbers = lines.compactMap { Double($0[0]) }
      #expect(numbers.count == 2 && numbers[0] > numbers[1], "\(said)")
      let one = try Program.run(["predict", "run", good, "--pair", bad], in: sandbox.path)
      #expect(one.outputLines == [said.outputLines[0]])
      let object = try Self.object(
        try Program.run(["predict", "run", good, "--pair", bad, "--json"], in: sandbox.path))
      #expect(object["text"] == .string(good) && object["pair"] == .string(bad) && object["number"]?.doubleValue != nil)
      // What came before a bad line is answered.
      let broken = try Program.run("predict run", in: sandbox.path, input: input + Array("alone\n".utf8))
      #expect(broken.code == 65 && broken.outputLines == said.outputLines, "\(broken)")
      #expect(broken.errorText.contains("standard input:3") && broken.errorText.contains("found one text"))
    }
  }

  @Test func classesOfPairsAreLearnt() throws {
    try Self.with { sandbox in
      try Self.train(sandbox, "--label-column class", "run")
      let own = try Self.object(try Program.run("evaluate run --json", in: sandbox.path))
      #expect(try #require(own["accuracy"]?.doubleValue) > 0.6, "\(own)")
      #expect(try sandbox.text("run/predictions.tsv").hasPrefix("truth\tprediction\tp(other)\tp(same)\ttext\tpair\n"))
      let alone = try Program.run(
        "evaluate run/bundle --data test.tsv --text-column first --label-column class", in: sandbox.path)
      #expect(alone.code == 64 && alone.errorText.contains("--pair-column"), "\(alone)")
    }
  }

  @Test func killedAndGoneOnEndsAsUninterrupted() throws {
    try Self.with { sandbox in
      let often = "\(Self.numbers) --set training.checkpointSeconds=0.02"
      let start = ContinuousClock.now
      try Self.train(sandbox, often, "whole")
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      var kills = 0
      for _ in 0..<8 where kills < 3 {
        let program = try Program.start(Program.words("\(Self.line) \(often) --out killed"), in: sandbox.path)
        Thread.sleep(forTimeInterval: .random(in: 0.2...0.5) * seconds)
        program.send(SIGKILL)
        if try program.result().signal == SIGKILL { kills += 1 }
      }
      #expect(kills > 0)
      try Self.train(sandbox, often, "killed")
      for name in ["bundle/model.safetensors", "predictions.tsv"] {
        #expect(try sandbox.bytes("whole/\(name)") == sandbox.bytes("killed/\(name)"), "\(name)")
      }
    }
  }

  @Test(
    .enabled(if: peerPython != nil, "no Python with transformers: set ENSUE_PEER_PYTHON"),
    arguments: [numbers, "--label-column class", "\(numbers) --lora 4 --maximum-length 24"])
  func transformersOpensTheBundle(_ options: String) throws {
    try Self.with { sandbox in
      try Self.train(sandbox, options, "run")
      let peer = try Program.other(
        [try #require(peerPython), TestFiles.golden("fine-tuned.py"), "run/bundle", "run/predictions.tsv"],
        in: sandbox.path)
      #expect(peer.code == 0, "\(peer)")
    }
  }

  /// All training pairs are one batch, so that the loss of an epoch is that of a step (Tests/Goldens/pair-regression.py).
  @Test(arguments: ["bert", "roberta"]) func tenStepsAreTransformers(_ family: String) throws {
    try Sandbox.with { sandbox in
      let golden = TestFiles.golden("pair-regression")
      let result = try Program.run(
        "train classify --from \(golden)/\(family) --data \(golden)/training.tsv --validation \(golden)/validation.tsv"
          + " --pair-column sentence2 --label-kind number --epochs 10 --batch 48 --schedule constant --learning-rate 1e-3"
          + " --weight-decay 0.01 --set optimizer.decaysVectors=true --clip-norm none --patience 100 --out run",
        in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      let expected = try #require(
        try JSONValue.contents(of: "\(golden)/expected.json").objectValue?[family]?.objectValue)
      let cut = try #require(expected["cut"]?.integerValue)
      #expect(result.errorText.contains("\(cut) sentences longer than 40"), "\(result)")
      let epochs = try sandbox.text("run/metrics.jsonl").split(separator: "\n").compactMap { line -> JSONObject? in
        let event = try JSONValue.parse(Array(line.utf8), name: "metrics.jsonl").objectValue
        return event?["event"] == .string("epoch") ? event : nil
      }
      func numbers(_ key: String) -> [Double] { expected[key]?.arrayValue?.compactMap(\.doubleValue) ?? [] }
      let losses = Disagreement(
        epochs.compactMap { $0["trainingLoss"]?.doubleValue }, numbers("losses"), relative: 1e-4, absolute: 0)
      #expect(losses.isSmall, "\(losses)")
      for key in ["mse", "pearson", "spearman"] {
        let found = epochs.compactMap { $0["validation"]?.objectValue?[key]?.doubleValue }
        let measures = Disagreement(found, numbers(key), relative: 1e-4, absolute: 1e-4)
        #expect(measures.isSmall, "\(key): \(measures)")
      }
    }
  }
}
