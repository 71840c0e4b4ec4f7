// Language models from text to text: trained, measured, written with.

import EnsueFiles
import Foundation
import Testing

@Suite struct LanguageTests {
  private static let sentence = "the quick brown fox jumps over the lazy dog. "

  @Test(arguments: ["--cell lstm", "--cell gru", "--cell-file own.txt"])
  func learnsATinyTextByHeart(_ cell: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(String(repeating: LanguageTests.sentence, count: 80), "text.txt")
      try sandbox.write(
        """
        state h
        z  = σ(W_z x + U_z h + b_z)
        h' = (1 − z) ⊙ h + z ⊙ tanh(W_h x + U_h h + b_h)
        output h'
        """, "own.txt")
      let trained = try Program.run(
        "train language --data text.txt \(cell) --hidden 48 --layers 1 --embedding-size 16 --batch 8 --steps 45"
          + " --epochs 50 --learning-rate 0.01 --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let last = try #require(try sandbox.text("run/metrics.jsonl").split(separator: "\n").dropLast().last)
      let epoch = try JSONValue.parse(Array(last.utf8), name: "metrics").objectValue
      #expect(epoch?["trainingLoss"]?.doubleValue ?? 9 < 0.05, "\(last)")
      let written = try Program.run(
        ["generate", "run", "--prompt", "the qui", "--temperature", "0", "--length", "83"], in: sandbox.path)
      #expect(written.outputText == LanguageTests.sentence + LanguageTests.sentence + "\n", "\(written)")
    }
  }

  @Test func figuresAndFolder() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      for name in ["configuration.json", "bundle/model.safetensors", "bundle/configuration.json", "metrics.jsonl"] {
        #expect(sandbox.exists("run/\(name)"), "\(name)")
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run"))
      #expect(names.contains { $0.contains("tfevents") })
      let events = try sandbox.text("run/metrics.jsonl").split(separator: "\n").map {
        try #require(try JSONValue.parse(Array($0.utf8), name: "metrics").objectValue)
      }
      #expect(events.map { $0["event"]?.stringValue } == ["epoch", "epoch", "test", "done"])
      for summary in [events[0]["validation"]?.objectValue, events[2]] {
        let loss = try #require(summary?["loss"]?.doubleValue)
        #expect(abs((summary?["bits"]?.doubleValue ?? 0) - loss / log(2)) < 1e-9)
        #expect(abs((summary?["perplexity"]?.doubleValue ?? 0) - exp(loss)) < 1e-9)
        // Better than nothing: the alphabet has some thirty characters.
        #expect(loss < log(30))
      }
      let before = try sandbox.snapshot()
      let again = try Program.run("\(LanguageRun.command) --out run", in: sandbox.path)
      #expect(again.code == 0, "\(again)")
      for word in ["LSTM", "nats", "bits per character", " per character  accuracy ", "test", "best epoch"] {
        #expect(again.outputText.contains(word), "\(word): \(again)")
      }
      #expect(try sandbox.snapshot() == before, "a run that has ended is left alone")
    }
  }

  @Test func theMeanOfTheLastWeightsIsMeasuredAndShipped() throws {
    try Sandbox.withText { sandbox in
      let line =
        "train language --data text.txt --validation held.txt --hidden 16 --embedding-size 8 --layers 1 --batch 8"
        + " --steps 16 --max-steps 40 --validate-every 10 --sample-length 0 --quiet"
      try sandbox.write(sandbox.text("text.txt").prefix(3000).description, "held.txt")
      let result = try Program.run("\(line) --average last --average-count 3 --out run", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      #expect(result.outputText.contains("weights     the mean of 3 validations"), "\(result)")
      let averaged = try #require(result.outputLines.first { $0.hasPrefix("averaged    ") }, "\(result)")
      let best = try #require(result.outputLines.first { $0.hasPrefix("validation  ") }, "\(result)")
      let kept = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run/checkpoints"))
      let weights = kept.filter { $0.hasPrefix("validation-") }.map { $0.prefix(17) }.sorted()
      #expect(weights == ["validation-000002", "validation-000003", "validation-000004"])
      // What is shipped has these figures, and the best alone others.
      let measured = try Program.run("evaluate run --data held.txt --streams 32", in: sandbox.path)
      let loss = try #require(measured.outputLines.first?.split(separator: " ").dropFirst().first, "\(measured)")
      #expect(averaged.contains("    \(loss) nats") && !best.contains("  \(loss) nats"), "\(averaged) \(measured)")
    }
  }

  @Test func curves() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      let table = try Program.run("plot curves run", in: sandbox.path)
      #expect(table.code == 0 && table.outputText.contains("validation") && table.outputLines.count == 4, "\(table)")
      let picture = try Program.run("plot curves run --output curves.svg", in: sandbox.path)
      #expect(picture.code == 0, "\(picture)")
      #expect(try sandbox.text("curves.svg").contains("nats per token"))
      #expect(try Program.run("plot curves absent", in: sandbox.path).code == 66)
    }
  }

  /// The states of streams begin anew at every document: in training, validation, the test and afterwards.
  @Test(arguments: ["--hidden 8 --embedding-size 4 --layers 1", "--model bigram"])
  func documentsAreReadApart(_ model: String) throws {
    try Sandbox.withText(lines: 90) { sandbox in
      let built = try Program.run(
        "corpus build text.txt --level bytes --documents lines --out corpus", in: sandbox.path)
      try #require(built.code == 0, "\(built)")
      let train =
        "train language --corpus corpus --test corpus \(model) --batch 4 --steps 40 --epochs 1 --sample-length 0"
      for options in ["--out whole", "--within-documents --out apart"] {
        let trained = try Program.run("\(train) --quiet \(options)", in: sandbox.path)
        try #require(trained.code == 0, "\(trained)")
      }
      let log = try sandbox.text("apart/metrics.jsonl").split(separator: "\n")
      let test = try #require(log.first { $0.contains("\"test\"") })
      let tested = try #require(try JSONValue.parse(Array(test.utf8), name: "metrics").objectValue)
      func figures(_ options: String) throws -> JSONObject {
        let result = try Program.run("evaluate \(options) --json", in: sandbox.path)
        return try #require(try JSONValue.parse(result.output, name: "figures").objectValue, "\(result)")
      }
      let apart = try figures("apart")
      let tokens = try #require(apart["tokens"]?.integerValue)
      #expect(apart["loss"] == tested["loss"] && apart["count"]?.integerValue == tokens - 90)
      #expect(try figures("apart --data corpus --within-documents")["loss"] == apart["loss"])
      let carried = try figures("apart --data corpus")
      #expect(carried["count"]?.integerValue == tokens - 1 && carried["loss"] != apart["loss"])
      #expect(try figures("whole --data corpus")["loss"] != carried["loss"], "the weights are others")
      let oneDocument = try Program.run("evaluate apart --data text.txt --within-documents", in: sandbox.path)
      #expect(oneDocument.code == 64 && oneDocument.errorText.contains("found one document"), "\(oneDocument)")
      let windows = try Program.run("evaluate apart --within-documents --window 9", in: sandbox.path)
      #expect(windows.code == 64 && windows.errorText.contains("found one that reads windows"), "\(windows)")
    }
  }

  @Test func aTextIsOneDocument() throws {
    try Sandbox.withText { sandbox in
      let result = try Program.run(
        "train language --data text.txt --model transformer --width 8 --heads 2 --layers 1 --context 12 --max-steps 1"
          + " --sample-length 0 --within-documents --out run", in: sandbox.path)
      #expect(result.code == 0 && result.errorText.contains("the text of --data is one document"), "\(result)")
    }
  }

  @Test func notesSayWhatWasDone() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(String(repeating: "abcab ", count: 200) + "xyz", "text.txt")
      try sandbox.write("abc\u{FF}", "bytes.txt")
      var bytes = try sandbox.bytes("bytes.txt")
      bytes[bytes.count - 2] = 0x61
      bytes[bytes.count - 1] = 0xFF
      try sandbox.write(bytes, "bytes.txt")
      let result = try Program.run(
        "train language --data text.txt --test bytes.txt --bad-bytes replace --hidden 4 --epochs 1 --out run",
        in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      for line in [
        "training: 1083 characters", "validation: 120 characters",
        "  3 of them not in the training text: read as unknown, not scored", "alphabet: 4 characters",
        "bytes.txt: 1 bytes that were not UTF-8 replaced",
      ] {
        #expect(result.errorText.contains(line + "\n"), "\(line): \(result)")
      }
      #expect(try sandbox.text("run/metrics.jsonl").contains("\"unknown\":3"))
    }
  }

  @Test func generatedTextDependsOnTheSeedAlone() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      func written(_ options: String) throws -> String {
        let result = try Program.run("generate run --length 60 \(options)", in: sandbox.path)
        #expect(result.code == 0 && result.error.isEmpty, "\(result)")
        return result.outputText
      }
      let text = try written("--prompt the --seed 4")
      #expect(text.hasPrefix("the") && text.unicodeScalars.count == 64 && text.hasSuffix("\n"))
      #expect(try written("--prompt the --seed 4") == text)
      #expect(try written("--prompt the --seed 5") != text)
      #expect(try written("--prompt the --temperature 0 --seed 1") == written("--prompt the --temperature 0 --seed 2"))
      #expect(try written("").unicodeScalars.count == 61)
      // A bundle alone will do, and a shorter text is the beginning of a longer one.
      let short = try Program.run("generate run/bundle --length 20 --prompt the --seed 4", in: sandbox.path)
      #expect(text.hasPrefix(short.outputText.dropLast()))
      let none = try Program.run("generate run --length 0 --prompt the", in: sandbox.path)
      #expect(none.outputText == "the\n")
      let unknown = try Program.run("generate run --length 3 --prompt the日本", in: sandbox.path)
      #expect(unknown.code == 0 && unknown.errorText.contains("2 of the 5 characters"), "\(unknown)")
    }
  }

  @Test func closedPipe() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      let result = try Program.shell(
        "\"$ENSUE\" generate run --length 1000000000 | head -c 300; echo; echo ${PIPESTATUS[0]}", in: sandbox.path)
      #expect(result.outputLines.last == "0" && result.error.isEmpty && !result.timedOut, "\(result)")
    }
  }

  /// What is written reaches a reader before the text has ended.
  @Test func printedAsItIsMade() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      let script = """
        coproc TEXT { "$ENSUE" generate run --prompt the --length 1000000000; }
        read -t 20 -N 200 -u ${TEXT[0]} text || exit 9
        echo ${#text}
        kill $TEXT_PID
        """
      let result = try Program.shell(script, in: sandbox.path)
      #expect(result.code == 0 && result.outputLines.first == "200", "\(result)")
    }
  }

  @Test(.enabled(if: InputFile.exists("/dev/full"), "there is no /dev/full here"))
  func fullDevice() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      let result = try Program.shell("\"$ENSUE\" generate run > /dev/full", in: sandbox.path)
      #expect(result.code == 74 && result.errorLines.count == 1, "\(result)")
    }
  }

  @Test func configurationFileNamesTheTask() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      let result = try Program.run(
        "train --config run/configuration.json --epochs 1 --quiet --out again", in: sandbox.path)
      #expect(result.code == 0 && sandbox.exists("again/bundle/model.safetensors"), "\(result)")
      for command in ["train language", "generate", "evaluate"] {
        let help = try Program.run("help \(command)", in: sandbox.path, environment: ["COLUMNS": "60"])
        #expect(help.code == 0 && help.outputText.contains("Usage: ensue \(command)"), "\(help)")
        for line in help.outputLines { #expect(line.count <= 60, "\(line)") }
      }
    }
  }
}
