// Translation models from text to text: trained, measured, translated with, looked into.

import EnsueFiles
import Foundation
import Testing

@Suite struct TranslationTests {
  @Test func figuresAndFolder() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      for name in [
        "configuration.json", "bundle/model.safetensors", "bundle/configuration.json", "metrics.jsonl",
        "translations.tsv", "report.html", "samples/001.txt",
      ] {
        #expect(sandbox.exists("run/\(name)"), "\(name)")
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run"))
      #expect(names.contains { $0.contains("tfevents") })
      let events = try sandbox.text("run/metrics.jsonl").split(separator: "\n").map {
        try #require(try JSONValue.parse(Array($0.utf8), name: "metrics").objectValue)
      }
      #expect(events.map { $0["event"]?.stringValue } == ["epoch", "epoch", "epoch", "test", "done"])
      for summary in [events[0]["validation"]?.objectValue, events[3]] {
        let loss = try #require(summary?["loss"]?.doubleValue)
        #expect(abs((summary?["perplexity"]?.doubleValue ?? 0) - exp(loss)) < 1e-9)
        // Better than nothing: there are some eight symbols.
        #expect(loss < log(8))
        for kind in ["bleu", "chrf", "exact-match"] {
          let score = try #require(summary?[kind]?.doubleValue, "\(kind)")
          #expect(0...100 ~= score)
        }
      }
      #expect(events[3]["sentences"]?.integerValue == 20 && events[3]["ter"] != nil)
      let table = try sandbox.text("run/translations.tsv").split(separator: "\n")
      #expect(table.count == 21 && table[0] == "source\treference\ttranslation")
      #expect(try sandbox.text("run/samples/001.txt").split(separator: "\n").count == 9)
      let page = try sandbox.text("run/report.html")
      #expect(page.contains("<svg") && page.contains("exact match") && !page.contains("<script"))
      #expect(page.contains("aria-label=\"attention\"") && page.contains("class=\"heat\""), "alignments are drawn")
      let before = try sandbox.snapshot()
      let again = try Program.run("\(TranslatingRun.recurrent) --out run", in: sandbox.path)
      #expect(again.code == 0, "\(again)")
      for word in ["GRU, bahdanau", "perplexity", "BLEU", "exact match", "test", "best epoch"] {
        #expect(again.outputText.contains(word), "\(word): \(again)")
      }
      #expect(try sandbox.snapshot() == before, "a run that has ended is left alone")
    }
  }

  /// Of a Transformer too, and where no samples were written.
  @Test(arguments: [
    ("", "layer 2, head 1"), ("--model transformer --width 16 --heads 2 --layers 1", "layer 1, head 2"),
    ("--hidden 8 --embedding-size 4", "GRU"),
  ])
  func thePageShowsWhatWasLookedAt(_ options: String, _ title: String) throws {
    try Sandbox.with { sandbox in
      if options.isEmpty {
        try sandbox.addTranslatingRun(TranslatingRun.sharedTransformer)
      } else {
        let line = "\(TranslatingRun.data) \(options) --samples 0 --epochs 1 --out run"
        let trained = try Program.run(line, in: sandbox.path)
        try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
        #expect(!sandbox.exists("run/samples"))
      }
      let page = try sandbox.text("run/report.html")
      #expect(page.contains("aria-label=\"attention\"") && page.contains("class=\"heat\""), "\(options)")
      #expect(page.contains(title), "\(options)")
    }
  }

  /// What was dropped, and what the vocabulary does not know, is kept although nobody was told.
  @Test func theDataIsAccountedFor() throws {
    try Sandbox.with { sandbox in
      let rows = (0..<30).map { "a b \($0 % 2 == 0 ? "c" : "d")" } + ["a b c d e", "", "zebra"]
      try sandbox.write(rows.map { $0 + "\n" }.joined(), "a.txt")
      try sandbox.write(rows.map { ($0.isEmpty ? "x" : $0) + "\n" }.joined(), "b.txt")
      for name in ["v.txt", "w.txt"] { try sandbox.write("a yak\n", name) }
      let trained = try Program.run(
        "train translate --data a.txt,b.txt --validation v.txt,w.txt --level words --min-count 2 --max-words 4"
          + " --hidden 4 --embedding-size 4 --max-steps 1 --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let file = try #require(JSONValue.parse(sandbox.bytes("run/data.json"), name: "data.json").objectValue)
      let parts = try #require(file["parts"]?.arrayValue).compactMap(\.objectValue)
      #expect(parts.map { $0["part"]?.stringValue } == ["training", "validation"])
      let reading = try #require(parts.first?["reading"]?.objectValue)
      #expect(reading["read"]?.integerValue == 33 && reading["kept"]?.integerValue == 31)
      let dropped = reading["dropped"]?.arrayValue?.compactMap { $0.objectValue?["pairs"]?.integerValue }
      #expect(dropped == [1, 1], "\(file)")
      let unknown = parts.map { $0["symbols"]?.objectValue?["source"]?.objectValue?["unknown"]?.integerValue }
      #expect(unknown == [1, 1], "zebra and yak: \(file)")
      #expect(parts.last?["examples"]?.arrayValue?.first?.objectValue?["source"]?.stringValue == "a yak")
      #expect(file["notes"]?.arrayValue?.isEmpty == false)
    }
  }

  /// An encoder–decoder without norms begins with T-Fixup's weights, and learns from them.
  @Test func learnsWithoutNorms() throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run("\(TranslatingRun.transformer) --norm none --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let bundle = try sandbox.text("run/bundle/configuration.json")
      #expect(bundle.contains("\"norm\": \"none\"") && bundle.contains("\"initializer\": \"t-fixup\""), "\(bundle)")
      let measured = try Program.run("evaluate run --json", in: sandbox.path)
      let object = try #require(try JSONValue.parse(measured.output, name: "json").objectValue, "\(measured)")
      // Better than nothing: there are some eight symbols.
      #expect(object["loss"]?.doubleValue ?? 9 < log(8), "\(measured)")
    }
  }

  /// The whole way from the command line: a model that has learned to reverse.
  @Test func learnsToReverse() throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train translate --dataset reversal --training-pairs 2000 --validation-pairs 60 --test-pairs 100 --shortest 1"
          + " --longest 5 --symbols 8 --joint --hidden 48 --encoder-hidden 24 --embedding-size 16 --dropout 0"
          + " --batch 16 --learning-rate 0.01 --epochs 12 --metric exact-match --patience 4 --test-beam 1 --quiet"
          + " --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let measured = try Program.run("evaluate run --beam 2 --json", in: sandbox.path)
      let object = try #require(try JSONValue.parse(measured.output, name: "json").objectValue, "\(measured)")
      #expect(object["exact-match"]?.doubleValue ?? 0 > 95, "\(measured)")
      let one = try Program.run(["translate", "run", "a b c d"], in: sandbox.path)
      #expect(one.outputText == "d c b a\n", "\(one)")
      let seen = try Program.run(["attend", "run", "a b c d", "d c b a", "--json"], in: sandbox.path)
      let reading = try #require(try JSONValue.parse(seen.output, name: "json").objectValue, "\(seen)")
      #expect(reading["logProbability"]?.doubleValue ?? -9 > -0.5, "\(seen)")
      #expect(reading["targetTokens"]?.arrayValue?.count == 5 && reading["sourceTokens"]?.arrayValue?.count == 5)
      // What is written first stands last: attention goes through the source from its end.
      let weights = try AttendTests.weights(try #require(try AttendTests.maps(reading).first))
      let places = weights.map { row in row.enumerated().reduce(0.0) { $0 + Double($1.offset) * $1.element } }
      try #require(places.count == 5)
      #expect(places[0] > places[3] + 1, "\(places)")
    }
  }

  @Test func evaluation() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun()
      let shown = try Program.run("evaluate run --beam 2", in: sandbox.path)
      #expect(shown.code == 0, "\(shown)")
      for word in [
        "perplexity", "BLEU|nrefs:1|", "chrF2|nrefs:1|", "TER|nrefs:1|", "exact-match|nrefs:1|", "20 sentences",
      ] {
        #expect(shown.outputText.contains(word), "\(word): \(shown)")
      }
      // The figures of the run itself.
      let test = try sandbox.text("run/metrics.jsonl").split(separator: "\n").first { $0.contains("\"test\"") }
      let line = try #require(test)
      let own = try #require(try JSONValue.parse(Array(line.utf8), name: "metrics").objectValue)
      let measured = try Program.run("evaluate run --beam 2 --json --translations out.txt", in: sandbox.path)
      let object = try #require(try JSONValue.parse(measured.output, name: "json").objectValue, "\(measured)")
      for key in ["loss", "bleu", "chrf", "exact-match"] {
        #expect(object[key]?.doubleValue == own[key]?.doubleValue, "\(key)")
      }
      #expect(try sandbox.text("out.txt").split(separator: "\n", omittingEmptySubsequences: false).count == 21)
      // On files: the same pairs.
      let rows = try sandbox.text("run/translations.tsv").split(separator: "\n").dropFirst().map {
        $0.split(separator: "\t", omittingEmptySubsequences: false)
      }
      try sandbox.write(rows.map { $0[0] + "\n" }.joined(), "source.txt")
      try sandbox.write(rows.map { $0[1] + "\n" }.joined(), "target.txt")
      let files = try Program.run(
        "evaluate run --data source.txt,target.txt --beam 2 --json", in: sandbox.path)
      let again = try #require(try JSONValue.parse(files.output, name: "json").objectValue, "\(files)")
      #expect(again["bleu"]?.doubleValue == own["bleu"]?.doubleValue)
      #expect(files.error.isEmpty, "\(files)")
      // Pairs with an empty side are dropped, and said: the lines of --translations are of the others.
      try sandbox.write(rows.enumerated().map { ($0 == 1 ? "" : String($1[1])) + "\n" }.joined(), "target.txt")
      let dropped = try Program.run(
        "evaluate run --data source.txt,target.txt --beam 1 --translations out.txt", in: sandbox.path)
      #expect(
        dropped.errorText.contains("1 pair dropped with an empty target, the first at source.txt:2"), "\(dropped)")
      #expect(try sandbox.text("out.txt").split(separator: "\n", omittingEmptySubsequences: false).count == 20)
      let few = try Program.run("evaluate run --sentences 3 --beam 1", in: sandbox.path)
      #expect(few.code == 0 && few.outputText.contains("3 sentences"), "\(few)")
    }
  }

  /// A table whose columns stand the other way round.
  @Test func columnsAreThoseOfTheTraining() throws {
    try Sandbox.with { sandbox in
      try sandbox.writeParallelText()
      let table = try sandbox.text("pairs.tsv").split(separator: "\n").dropFirst()
      try sandbox.write("de\ten\n" + table.map { $0 + "\n" }.joined(), "t.tsv")
      let trained = try Program.run(
        "train translate --data t.tsv --source en --target de --level words --hidden 8 --encoder-hidden 4"
          + " --embedding-size 4 --batch 16 --epochs 1 --validation-sentences 0 --samples 0 --quiet --out run",
        in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      func loss(_ data: String) throws -> Double {
        let result = try Program.run("evaluate run --data \(data) --beam 1 --sentences 4 --json", in: sandbox.path)
        let object = try #require(try JSONValue.parse(result.output, name: "json").objectValue, "\(result)")
        return try #require(object["loss"]?.doubleValue)
      }
      #expect(try loss("t.tsv") == loss("b.txt,a.txt"))
      #expect(try loss("t.tsv") != loss("a.txt,b.txt"))
      // Its column names are not to be guessed from a row of sentences.
      try sandbox.write(table.map { $0 + "\n" }.joined(), "bare.tsv")
      let bare = try Program.run("evaluate run --data bare.tsv", in: sandbox.path)
      #expect(bare.code == 65 && bare.errorText.contains("--header no"), "\(bare)")
    }
  }

  @Test(arguments: ["", "--average last --average-count 2", "--average best --average-count 3"])
  func averages(_ options: String) throws {
    try Sandbox.with { sandbox in
      let result = try Program.run("\(TranslatingRun.recurrent) \(options) --out run", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      #expect(result.outputText.contains("the mean of") == !options.isEmpty, "\(result)")
      let kept = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run/checkpoints")).filter {
        $0.hasPrefix("validation-")
      }
      #expect(options.isEmpty ? kept.isEmpty : kept.count >= 2, "\(kept)")
      #expect(try Program.run("translate run a", in: sandbox.path).code == 0)
    }
  }

  /// Every way to set a model trains, ends, and translates.
  @Test(arguments: [
    "--model transformer --width 8 --heads 2 --layers 1 --decoder-layers 2 --norm pre --joint",
    "--model transformer --width 8 --heads 2 --layers 1 --positions learned --places 20",
    "--model transformer --width 8 --heads 4 --key-heads 2 --layers 1 --norm pre --norm-kind rms --positions rotary"
      + " --feed-forward-kind gated --activation silu --no-bias",
    "--cell lstm-nig --no-peepholes --learn-leak --zoneout-cell 0.5 --context luong --hidden 8 --embedding-size 4",
    "--cell rnn --cell-activation relu --hidden 8 --embedding-size 4",
    "--cell lstm --context luong --hidden 8 --encoder-hidden 4 --embedding-size 4",
    "--cell lstm --context luong --score dot --no-feed-input --hidden 8 --encoder-hidden 4 --embedding-size 4",
    "--context every-step --hidden 8 --encoder-hidden 4 --embedding-size 4 --layers 2",
    "--context initial-state --reverse-source --hidden 8 --embedding-size 4 --no-bidirectional",
    "--context jordan --cell output-feedback --hidden 8 --encoder-hidden 4 --embedding-size 8 --tied true",
    "--hidden 8 --embedding-size 4 --scheduled-sampling linear --sampling-constant 1 --sampling-slope 0.1 --sampling-least 0.2",
    "--hidden 8 --embedding-size 4 --scheduled-sampling inverse-sigmoid --sampling-constant 2 --label-smoothing 0.1 --sampling-symbols likeliest",
    "--hidden 8 --embedding-size 4 --scheduled-sampling inverse-sigmoid --sampling-constant 2 --sampling-passes 5",
    "--cell lstm --leak 0.5 --learn-initial-state --hidden 8 --embedding-size 4",
    "--hidden 8 --embedding-size 4 --batch-unit words --strategy source-target --accumulate 3 --validate-every 5",
    "--hidden 8 --embedding-size 4 --validation-sentences 0 --samples 0",
  ])
  func everyKindTrains(_ options: String) throws {
    try Sandbox.with { sandbox in
      let line =
        "train translate --dataset reversal --training-pairs 80 --validation-pairs 10 --test-pairs 5 --longest 4"
        + " --symbols 4 --batch 16 --epochs 2 --quiet --out run"
      let trained = try Program.run("\(line) \(options)", in: sandbox.path)
      #expect(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let result = try Program.run("translate run --beam 2 a␣b", in: sandbox.path)
      #expect(result.code == 0 && result.outputLines.count == 1, "\(result)")
    }
  }

  /// More symbols than there are rows of scores at a time, and no longer a translation than was asked for.
  @Test(arguments: [TranslatingRun.sharedTransformer, TranslatingRun.shared])
  func aLongPairIsMeasured(_ run: Result<TranslatingRun, any Error>) throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun(run)
      let long = Array(repeating: "a b c", count: 500).joined(separator: " ")
      for name in ["s.txt", "t.txt"] { try sandbox.write("\(long)\n", name) }
      let measured = try Program.run(
        "evaluate run --data s.txt,t.txt --beam 1 --maximum-length 3 --translations out.txt --json", in: sandbox.path)
      let object = try #require(try JSONValue.parse(measured.output, name: "json").objectValue, "\(measured)")
      #expect(object["count"]?.integerValue == 1501 && object["loss"]?.doubleValue?.isFinite == true, "\(measured)")
      #expect(try sandbox.text("out.txt").split(whereSeparator: \.isWhitespace).count <= 3)
    }
  }

  @Test func whatNothingReadsIsSaid() throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train translate --dataset reversal --training-pairs 20 --validation-pairs 5 --test-pairs 0 --longest 4"
          + " --max-words 5 --score general --attention-size 4 --test-beam 2 --hidden 4 --embedding-size 4"
          + " --max-steps 1 --out run", in: sandbox.path)
      #expect(trained.code == 0, "\(trained)")
      let unread = trained.errorLines.filter { $0.contains("has no effect here") }
      #expect(
        unread.map { $0.prefix { $0 != " " } } == ["--max-words", "--attention-size", "--test-beam"], "\(unread)")
    }
  }

  /// Own files, one table, words, characters, subwords of both sides or each.
  @Test(arguments: [
    "--data a.txt,b.txt --level words --min-count 2", "--data pairs.tsv --level characters",
    "--data a.txt,b.txt --level bytes --joint", "--data a.txt,b.txt --vocabulary-size 400 --joint",
    "--data a.txt,b.txt --vocabulary-size 100 --trainer unigram",
    "--data a.txt,b.txt --test a.txt,b.txt --lowercase"
      + " --vocabulary-size 400",
  ])
  func ownText(_ options: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.writeParallelText()
      let trained = try Program.run(
        "train translate \(options) --hidden 8 --encoder-hidden 4 --embedding-size 4 --batch 16 --epochs 1"
          + " --validation-sentences 2 --out run", in: sandbox.path)
      #expect(trained.code == 0, "\(trained)")
      for word in ["pairs", "vocabulary of", "model: GRU"] {
        #expect(trained.errorText.contains(word), "\(word): \(trained)")
      }
      let result = try Program.run(["translate", "run", "the food was good"], in: sandbox.path)
      #expect(result.code == 0 && result.outputLines.count == 1, "\(result)")
    }
  }

  @Test(arguments: [80, 60]) func helpIsTheGolden(_ width: Int) throws {
    for command in ["translate", "train-translate"] {
      let result = try Program.run(
        ["help"] + command.split(separator: "-").map(String.init), in: NSTemporaryDirectory(),
        environment: ["COLUMNS": "\(width)"])
      let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Goldens").path
      let file = "\(folder)/help-\(command)-\(width).txt"
      // ENSUE_RECORD=1 writes it anew, to be read before it is kept.
      if ProcessInfo.processInfo.environment["ENSUE_RECORD"] != nil {
        try OutputFile.write(result.outputText, to: file)
      }
      #expect(result.code == 0)
      #expect(try String(decoding: InputFile.contents(of: file), as: UTF8.self) == result.outputText)
      for line in result.outputLines { #expect(line.count <= width, "\(line)") }
    }
  }
}
