// What training a language model, and writing with it, refuse.

import EnsueFiles
import Foundation
import Testing

extension BadCase {
  private static let language = "train language --data text.txt --quiet --out out"

  private static func text(
    _ name: String, _ bytes: [UInt8], _ code: Int32, _ words: String..., line: String = language
  ) -> BadCase {
    BadCase(name, line: line, code, words) { try $0.write(bytes, "text.txt") }
  }

  private static func option(_ name: String, _ options: String, _ code: Int32, _ words: String...) -> BadCase {
    BadCase(name, line: "\(language) \(options)", code, words) { sandbox in
      try sandbox.write(String(repeating: "a long enough text. ", count: 100), "text.txt")
      try sandbox.write("日本語日本語", "foreign.txt")
      try sandbox.write("a", "one.txt")
    }
  }

  /// A corpus whose only token is its validation part.
  private static func oneToken(_ model: String, _ least: String) -> BadCase {
    BadCase(
      "a corpus of one token for a model of kind \(model)",
      line: "train language --corpus c --model \(model) --quiet --out out", 65, ["c: at least \(least)", "found 0"]
    ) { sandbox in
      try sandbox.write("a", "one.txt")
      let built = try Program.run("corpus build one.txt --level bytes --out c", in: sandbox.path)
      try #require(built.code == 0, "\(built)")
    }
  }

  /// Nothing stands before a token of its document.
  private static func documentsOfOneByte(_ model: String) -> BadCase {
    BadCase(
      "documents of one byte each for a model of kind \(model)",
      line: "train language --corpus c --model \(model) --within-documents --validation-fraction 0.5 --out out", 65,
      ["a document of 2 bytes", "--within-documents"]
    ) { sandbox in
      let names = ["1.txt", "2.txt", "3.txt", "4.txt"]
      for name in names { try sandbox.write("a", name) }
      try Program.run(["corpus", "build"] + names + ["--level", "bytes", "--out", "c"], in: sandbox.path)
    }
  }

  static let languageTexts: [BadCase] = [
    BadCase("no text named", "train language --quiet --out out", 64, "a text file expected", "--data"),
    BadCase("text missing", language, 66, "text.txt"),
    BadCase(
      "text is a folder", "train language --data . --out out", 66, "a text file expected, found a directory",
      "--corpus"),
    text("empty text", [], 65, "text.txt", "an empty file"),
    text("text of one character", [0x61], 65, "at least 51 characters", "in 50 streams", "found 1", "--batch"),
    text(
      "text of one character for windows", [0x61], 65, "at least 2 characters to train on", "found 1",
      line: "\(language) --model transformer"),
    text(
      "text of one character to count", [0x61], 65, "at least 2 characters to train on", "found 1",
      line: "\(language) --model ngram"),
    text(
      "text of one character for a table", [0x61], 65, "at least 51 characters", "found 1",
      line: "\(language) --model bigram"),
    oneToken("recurrent", "51 bytes"), oneToken("transformer", "2 bytes"), oneToken("ngram", "2 bytes"),
    oneToken("bigram", "51 bytes"),
    text(
      "text too short for its streams", [UInt8](repeating: 0x61, count: 55), 65, "at least 51 characters", "found 49"),
    text("text that is no UTF-8", Array("caf".utf8) + [0xE9, 0x0A], 65, "text.txt:1", "0xE9", "--encoding latin1"),
    text("text with a NUL byte", Array("ab\n".utf8) + [0], 65, "text.txt:2", "NUL"),
    text("text in UTF-16", [0xFF, 0xFE, 0x61, 0x00], 65, "UTF-16"),
    text("compressed text", [0x1F, 0x8B, 8, 0], 65, "compressed"),
    option("validation text missing", "--validation gone.txt", 66, "gone.txt"),
    option(
      "validation text of one character", "--validation one.txt", 65, "one.txt", "at least 2 characters", "found 1"),
    option("validation text in other letters", "--validation foreign.txt", 65, "foreign.txt", "found 6 others"),
    option("test text in other letters", "--test foreign.txt", 65, "foreign.txt", "test text"),
    option("too small a validation part", "--validation-fraction 0.0001", 65, "at least 2 characters", "found 1"),
    option("validation fraction 0", "--validation-fraction 0", 64, "above 0"),
    option("validation fraction 1", "--validation-fraction 1", 64, "below 1"),
    option("no steps", "--steps 0", 64, "--steps", "from 1 to"),
    option("no streams", "--batch 0", 64, "--batch"),
    option("unknown cell", "--cell lstn", 64, "'lstn'", "Perhaps 'lstm' was meant."),
    option("cell file missing", "--cell-file gone.cell", 66, "gone.cell"),
    option("learning rate 0", "--learning-rate 0", 64, "above 0"),
    option("leak 0", "--leak 0", 64, "--leak"),
    option("a text and a corpus", "--corpus gone", 64, "--data or --corpus", "both"),
    option("subwords without a tokenizer", "--level subwords", 64, "--tokenizer"),
    option("a tokenizer for characters", "--tokenizer t.json", 64, "--level subwords", "characters"),
    option("a tied output of another width", "--tied true --hidden 9", 78, "model.embeddingSize", "9 units"),
    option("heads that do not divide", "--model transformer --width 10 --heads 3", 78, "headCount"),
    option(
      "gradients kept through a random recurrence", "--gradient-propagation 0.1 --zoneout 0.1", 78,
      "model.gradientPropagation", "without randomness", "zoneout 0.1"),
    option("no sampled tokens", "--sampled-softmax 0", 64, "--sampled-softmax"),
    option(
      "sampled tokens of a model without an output layer", "--model bigram --sampled-softmax 8", 78,
      "a model with an output layer", "bigram"),
    BadCase("a bigram table too large", line: "\(language) --model bigram --level words", 78, ["32768 symbols"]) {
      let words = (0..<40_000).map { "w\($0)" } + Array(repeating: "w0", count: 8000)
      try $0.write(words.joined(separator: " "), "text.txt")
    },
    documentsOfOneByte("transformer"), documentsOfOneByte("recurrent --batch 1"),
    option("an n-gram of no symbols", "--model ngram --order 0", 64, "--order"),
    option("a share of dropout beyond 1", "--embedding-dropout 1", 64, "--embedding-dropout"),
    option(
      "a sample prompt longer than the context", "--model transformer --context 2 --sample-prompt longer", 65,
      "samples.prompt", "2 characters", "found 6"),
    option("a classifier's option", "--pooling max", 64, "--pooling"),
    option("a model beyond the memory", "--hidden 8192 --layers 64", 78, "fits this machine's memory", "GB"),
    BadCase(
      "configuration of another task", line: "\(language) --config c.json", 78, ["c.json", "language"],
      prepare: { try $0.write(#"{"task": "classify"}"#, "c.json") }),
    BadCase(
      "configuration with a classifier's leaf", line: "\(language) --config c.json", 78, ["model.pooling"],
      prepare: { try $0.write(#"{"task": "language", "model": {"pooling": "max"}}"#, "c.json") }),
  ]

  private static let again = "\(LanguageRun.command) --out run"

  private static func folder(
    _ name: String, line: String = again, _ code: Int32, _ words: String...,
    damage: @escaping @Sendable (Sandbox) throws -> Void
  ) -> BadCase {
    BadCase(name, line: line, code, words) { sandbox in
      try sandbox.addUnfinishedLanguageRun()
      try damage(sandbox)
    }
  }

  static let languageRuns: [BadCase] = [
    folder("a language run of other settings", line: "\(again) --dropout 0.5", 78, "model.dropout 0", "--out") { _ in
    },
    folder("a language run of another text", 65, "text.txt", "when the run began") {
      try $0.replace("lovely", with: "lively", in: "text.txt")
    },
    folder("a classifier's folder", 78, "language", "classify") { sandbox in
      try sandbox.remove("run")
      try sandbox.addRun()
    },
    folder("a language run's folder for a classifier", line: "\(TrainedRun.command) --out run", 78, "classify") { _ in
    },
    folder("a language run's checkpoint with a flipped bit", 65, "run/checkpoints", "Remove this checkpoint") {
      sandbox in
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run/checkpoints")).sorted()
      let file = "run/checkpoints/\(try #require(names.last))"
      var bytes = try sandbox.bytes(file)
      bytes[bytes.count - 9] ^= 1
      try sandbox.write(bytes, file)
    },
    folder("a language run's log shorter than its checkpoint knows", 65, "run/metrics.jsonl") {
      try $0.write("", "run/metrics.jsonl")
    },
    folder("generate with a run that has not ended", line: "generate run", 66, "run the training command again") { _ in
    },
  ]

  private static func use(
    _ name: String, _ line: String, _ code: Int32, _ words: String...,
    damage: @escaping @Sendable (Sandbox) throws -> Void = { _ in }
  ) -> BadCase {
    BadCase(name, line: line, code, words) { sandbox in
      try sandbox.addLanguageRun()
      try damage(sandbox)
    }
  }

  static let languageUse: [BadCase] = [
    BadCase("generate without a run", "generate", 64, "RUN expected"),
    BadCase("generate with nothing there", "generate gone", 66, "gone"),
    BadCase("generate with a classifier", "generate run", 65, "language", prepare: { try $0.addRun() }),
    use("predict with a language model", "predict run good", 65, "classify"),
    use("compare a language model", "compare run", 78, "classify"),
    use("a negative temperature", "generate run --temperature -1", 64, "--temperature"),
    use("a temperature that is no number", "generate run --temperature nan", 64, "'nan'"),
    use("a negative length", "generate run --length -1", 64, "--length"),
    use("a negative seed", "generate run --seed -1", 64, "--seed"),
    use("a bundle without weights", "generate run", 66, "model.safetensors") {
      try $0.remove("run/bundle/model.safetensors")
    },
    use("character weights cut short", "generate run", 65, "model.safetensors") { sandbox in
      let file = "run/bundle/model.safetensors"
      try sandbox.write(Array(try sandbox.bytes(file).dropLast(8)), file)
    },
    use("an alphabet out of order", "generate run", 65, "alphabet") {
      try $0.replace("\"alphabet\": \"\\n", with: "\"alphabet\": \"z\\n", in: "run/bundle/configuration.json")
    },
    use("an alphabet of another size", "generate run", 65, "symbols, as the codec has") {
      try $0.replace("\"alphabet\": \"\\n", with: "\"alphabet\": \"", in: "run/bundle/configuration.json")
    },
    use("a bundle's size beyond its weights", "generate run", 65, "weights") {
      try $0.replace("\"hiddenSize\": 8", with: "\"hiddenSize\": 8192", in: "run/bundle/configuration.json")
    },
    use("a bundle's size below one", "generate run", 65, "architecture") {
      try $0.replace("\"layerCount\": 1", with: "\"layerCount\": 0", in: "run/bundle/configuration.json")
    },
    use("a bundle's cell that is none", "generate run", 65, "architecture") {
      try $0.replace("\"cell\": \"lstm\"", with: "\"cell\": \"lstn\"", in: "run/bundle/configuration.json")
    },
    use("a bundle's equations that are none", "generate run", 65, "configuration.json", "architecture") {
      try $0.replace("\"cellFormula\": \"\"", with: "\"cellFormula\": \"h' = \"", in: "run/bundle/configuration.json")
    },
    use("a bundle's rate beyond 1", "generate run", 65, "architecture") {
      try $0.replace("\"zoneout\": 0", with: "\"zoneout\": 1.5", in: "run/bundle/configuration.json")
    },
    use("a codec of no level", "generate run", 65, "codec: an object with a level") {
      try $0.replace("\"level\": \"characters\"", with: "\"level\": \"letters\"", in: "run/bundle/configuration.json")
    },
    use("a codec with something besides", "generate run", 65, "codec: level and alphabet") {
      try $0.replace(
        "\"level\": \"characters\"", with: "\"level\": \"characters\", \"words\": []",
        in: "run/bundle/configuration.json")
    },
    use("a bundle of a kind that is none", "generate run", 65, "architecture") {
      try $0.replace("\"kind\": \"recurrent\"", with: "\"kind\": \"recurent\"", in: "run/bundle/configuration.json")
    },
    use("a bundle of another kind", "generate run", 65, "architecture") {
      try $0.replace("\"kind\": \"recurrent\"", with: "\"kind\": \"transformer\"", in: "run/bundle/configuration.json")
    },
    use("a prompt and a file of prompts", "generate run --prompt a --prompts good", 64, "found both"),
    use("a file of no prompts", "generate run --prompts none.txt", 65, "none.txt", "empty file") {
      try $0.write("", "none.txt")
    },
    use("a beam of none", "generate run --beam 0", 64, "--beam"),
    use("a nucleus of nothing", "generate run --top-p 0", 64, "--top-p"),
    use("evaluate on an empty text", "evaluate run --data none.txt", 65, "none.txt", "an empty file") {
      try $0.write("", "none.txt")
    },
    use("evaluate on one character", "evaluate run --data one.txt", 65, "one.txt", "at least 2 characters") {
      try $0.write("a", "one.txt")
    },
    use("evaluate on bytes that are no text", "evaluate run --data bad.txt", 65, "bad.txt:1", "0xFF") {
      try $0.write([0x61, 0xFF, 0x61], "bad.txt")
    },
    use("evaluate on other letters", "evaluate run --data foreign.txt", 65, "found 3 others") {
      try $0.write("日本語", "foreign.txt")
    },
    use("a seed beside a beam", "generate run --beam 2 --seed 3", 64, "--seed", "--beam"),
    use("a temperature beside a beam", "generate run --beam 2 --temperature 1", 64, "--temperature", "--beam"),
    use("a length penalty without a beam", "generate run --length-penalty 1", 64, "--length-penalty", "--beam"),
    use("a prompt that is no UTF-8", "generate run --prompts bad.txt", 65, "bad.txt:2", "UTF-8") {
      try $0.write(Array("the\ncaf".utf8) + [0xE9, 0x0A], "bad.txt")
    },
    use("a stride without a window", "evaluate run --stride 4", 64, "--stride", "--window"),
    use("a stride beyond its window", "evaluate run --window 4 --stride 5", 64, "--stride", "4 tokens"),
    use("a stride while learning", "evaluate run --window 8 --stride 4 --dynamic-rate 1", 64, "--stride", "learn"),
    use("streams while learning", "evaluate run --streams 4 --dynamic-rate 1", 64, "--streams", "--dynamic-rate"),
    use("streams of windows", "evaluate run --streams 4 --window 8", 64, "--streams", "windows"),
    use("positions without windows", "evaluate run --positions", 64, "--positions", "--window"),
    BadCase(
      "streams of a Transformer", "evaluate gpt --streams 4 --data data.tsv", 64, "--streams", "windows",
      prepare: { sandbox in
        try FileManager.default.copyItem(atPath: PretrainedDecoderTests.folder("gpt2"), toPath: sandbox.place("gpt"))
      }),
    use("evaluate a text with a map", "evaluate run --map a=b", 64, "--map", "a language model"),
    use("evaluate a sample of a text", "evaluate run --sample 5", 64, "labelled sentences"),
    use("evaluate a text with pairs", "evaluate run --data x --pair-column 2", 64, "labelled sentences"),
    use("evaluate a part of a file", "evaluate run --part training --data x", 64, "--part", "--data"),
    use("a classifier's part of a language run", "evaluate run/bundle", 64, "--data"),
    BadCase(
      "a language model's option for a classifier", "evaluate run --window 4", 64, "--window", "found a classifier",
      prepare: { try $0.addRun() }),
    use("a newer bundle", "generate run", 65, "format 2 expected, found 3") {
      try $0.replace("\"format\": 2", with: "\"format\": 3", in: "run/bundle/configuration.json")
    },
  ]
}

@Suite struct LanguageBadInputTests {
  private static let all = BadCase.languageTexts + BadCase.languageRuns + BadCase.languageUse

  @Test(arguments: all)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test func everyCaseHasAName() {
    #expect(Set(LanguageBadInputTests.all.map(\.name)).count == LanguageBadInputTests.all.count)
  }

  /// Equations with an error are shown with a caret below the message.
  @Test func wrongEquations() throws {
    try Sandbox.withText { sandbox in
      try sandbox.write("state h\nh' = tanh(W_h x + U_h k)\noutput h'\n", "own.txt")
      let result = try Program.run("\(LanguageRun.command) --cell-file own.txt --out out", in: sandbox.path)
      let lines = result.errorLines
      #expect(result.code == 65 && lines.count == 3 && lines[0].hasPrefix("error: own.txt:2: "), "\(result)")
      #expect(lines.dropFirst().first == "  h' = tanh(W_h x + U_h k)", "\(result)")
      #expect(lines.last == String(repeating: " ", count: "  h' = tanh(W_h x + U_h ".utf8.count) + "^", "\(result)")
      #expect(!sandbox.exists("out"))
    }
  }

  /// 3,600 functions of 8,192 units, whose values are kept at every step: few weights, and more memory than there is.
  @Test func equationsWhoseStepsTakeTooMuchMemory() throws {
    let (open, close) = (String(repeating: "tanh(", count: 60), String(repeating: ")", count: 60))
    var lines = ["state h", "v0 = W_h x + U_h h", "output h'", "h' = v60"]
    for value in 1...60 { lines.append("v\(value) = \(open)v\(value - 1)\(close)") }
    try Sandbox.withText { sandbox in
      try sandbox.write(lines.joined(separator: "\n"), "own.txt")
      let result = try Program.run(
        "train language --data text.txt --hidden 8192 --layers 2 --batch 32 --steps 100 --cell-file own.txt --out out",
        in: sandbox.path)
      #expect(result.code == 78 && result.errorText.contains("fits this machine's memory"), "\(result)")
      #expect(!sandbox.exists("out"))
    }
  }

  /// To the system the words of a command line are bytes.
  @Test(arguments: ["--prompt $'caf\\xe9'", "--prompt=$'\\xc3'", "--prompt the --stop $'\\xff'"])
  func wordsThatAreNoUTF8(_ options: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      let result = try Program.shell("\"$ENSUE\" generate run \(options)", in: sandbox.path)
      #expect(result.code == 64 && result.output.isEmpty && result.errorLines.count == 1, "\(result)")
      #expect(result.errorText.contains(#/error: argument [3-6]: UTF-8 expected/#), "\(result)")
    }
  }

  /// Every file of a tokenizer is remembered, whether it or its folder is named.
  @Test(arguments: ["tokenizer", "tokenizer/vocab.json"]) func aChangedTokenizer(_ path: String) throws {
    try Sandbox.withText { sandbox in
      try LanguageKindTests.writeTokenizerFolder(sandbox)
      let line = "train language --data text.txt --model bigram --level subwords --tokenizer \(path) --quiet --out run"
      let trained = try Program.run("\(line) --epochs 1", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      try sandbox.replace("th e\n", with: "", in: "tokenizer/merges.txt")
      let again = try Program.run("\(line) --epochs 1", in: sandbox.path)
      #expect(again.code == 65 && again.errorText.contains("tokenizer as it was when the run began"), "\(again)")
    }
  }

  @Test func divergence() throws {
    try Sandbox.withText { sandbox in
      let result = try Program.run(
        "train language --data text.txt --cell rnn-relu --optimizer sgd --learning-rate 100 --batch 8 --steps 30"
          + " --epochs 50 --patience 1000 --weight-decay 10 --set training.clipNorm=none --quiet --out run",
        in: sandbox.path)
      #expect(result.code == 79 && result.errorLines.count == 1, "\(result)")
      #expect(result.errorText.contains("training diverged at step"), "\(result)")
      #expect(!sandbox.exists("run/bundle"))
    }
  }

  @Test func oneProcessAFolder() throws {
    try Sandbox.withText { sandbox in
      let words = Program.words(
        "train language --data text.txt --hidden 8 --epochs 1000000 --patience 1000000 --quiet --out run")
      let first = try Program.start(words, in: sandbox.path)
      for _ in 0..<3000 where !sandbox.exists("run/metrics.jsonl") { Thread.sleep(forTimeInterval: 0.01) }
      let second = try Program.run(words, in: sandbox.path)
      #expect(second.code == 73 && second.errorText.contains("another process is writing"), "\(second)")
      first.send(SIGKILL)
      #expect(try first.result().signal == SIGKILL)
    }
  }
}
