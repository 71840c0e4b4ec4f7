// Every kind of language model at every level: trained, stored, measured, written with.

import EnsueFiles
import EnsueTensor
import Foundation
import Testing

@Suite struct LanguageKindTests {
  private static let kinds = [
    "--model recurrent --hidden 8 --embedding-size 8 --layers 1 --tied true",
    "--model recurrent --hidden 8 --embedding-size 8 --layers 1 --sampled-softmax 40",
    "--model transformer --width 8 --heads 2 --layers 1 --context 12",
    "--model transformer --width 8 --heads 4 --layers 1 --context 12 \(today)", "--model bigram",
    "--model ngram --order 3", "--model ngram --order 2 --smoothing add-k --pseudocount 0.5",
  ]
  /// The pieces of today's language models.
  private static let today =
    "--key-heads 2 --positions rotary --norm-kind rms --feed-forward-kind gated --activation silu --no-bias"
    + " --attention-window 5 --attention-block 8"
  private static let levels = [
    "--level bytes", "--level characters", "--level words --max-words 20",
    "--level subwords --tokenizer tokenizer.json",
  ]

  /// Bytes as GPT-2 spells them are enough of a tokenizer.
  private static func vocabulary() throws -> String {
    var (vocabulary, next): ([String], UInt32) = ([], 256)
    for byte in 0..<256 as Range<UInt32> {
      let isPrinted = 33...126 ~= byte || 161...172 ~= byte || 174...255 ~= byte
      let scalar = try #require(Unicode.Scalar(isPrinted ? byte : next))
      if !isPrinted { next += 1 }
      vocabulary.append(String(scalar))
    }
    let entries = (vocabulary + ["th", "the"]).enumerated().map { index, token in
      "\(JSONValue.string(token).description): \(index)"
    }
    return entries.joined(separator: ", ")
  }

  /// The same in the two files of GPT-2.
  static func writeTokenizerFolder(_ sandbox: Sandbox) throws {
    let entries = try vocabulary()
    try sandbox.write("{\(entries)}", "tokenizer/vocab.json")
    try sandbox.write("#version: 0.2\nt h\nth e\n", "tokenizer/merges.txt")
  }

  static func writeTokenizer(_ sandbox: Sandbox) throws {
    let entries = try vocabulary()
    try sandbox.write(
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
       "post_processor": null,
       "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
       "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
         "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
         "vocab": {\(entries)}, "merges": ["t h", "th e"]}}
      """, "tokenizer.json")
  }

  /// Without norms the weights are T-Fixup's, and the model learns.
  @Test func aTransformerWithoutNormsLearns() throws {
    try Sandbox.withText { sandbox in
      let trained = try Program.run(
        "train language --data text.txt --model transformer --norm none --width 16 --heads 2 --layers 2 --context 24"
          + " --batch 8 --max-steps 60 --validate-every 20 --learning-rate 0.01 --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let losses = try sandbox.text("run/metrics.jsonl").split(separator: "\n").compactMap { line in
        let event = try JSONValue.parse(Array(line.utf8), name: "metrics").objectValue
        return event?["validation"]?.objectValue?["loss"]?.doubleValue
      }
      #expect(losses.count == 3 && losses[2] < losses[0] - 0.5, "\(losses)")
      let stored = try sandbox.text("run/bundle/configuration.json")
      #expect(stored.contains("\"initializer\": \"t-fixup\""), "\(stored)")
    }
  }

  @Test func regularisersTrainAndAreStored() throws {
    try Sandbox.withText { sandbox in
      let options = "--word-dropout 0.25 --norm-stabilizer 0.5 --gradient-propagation 0.125 --quiet --out"
      for line in [
        "train language --data text.txt --hidden 4 --layers 2 --batch 4 --steps 6 --max-steps 3 \(options) language",
        "train classify --data data.tsv --model bilstm --hidden 4 --embedding-size 4 --epochs 1 \(options) classify",
      ] {
        let trained = try Program.run(line, in: sandbox.path)
        try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      }
      for folder in ["language", "classify"] {
        let stored = try sandbox.text("\(folder)/bundle/configuration.json")
        for part in ["wordDropout\": 0.25", "normStabilizer\": 0.5", "gradientPropagation\": 0.125"] {
          #expect(stored.contains(part), "\(part): \(stored)")
        }
        let exported = try Program.run("weights export \(folder) --layout pytorch --out w", in: sandbox.path)
        #expect(exported.code == 0, "\(exported)")
      }
    }
  }

  @Test(arguments: kinds, levels) func fromTextToText(_ kind: String, _ level: String) throws {
    try Sandbox.withText { sandbox in
      try LanguageKindTests.writeTokenizer(sandbox)
      let trained = try Program.run(
        "train language --data text.txt --test text.txt \(kind) \(level) --batch 4 --steps 8 --epochs 2 --sample-length 5"
          + " --learning-rate 0.01 --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      #expect(sandbox.exists("run/samples/001.txt"))
      let evaluated = try Program.run("evaluate run --data text.txt --json", in: sandbox.path)
      let figures = try #require(try JSONValue.parse(evaluated.output, name: "figures").objectValue, "\(evaluated)")
      let loss = try #require(figures["loss"]?.doubleValue)
      #expect(loss.isFinite && loss > 0 && loss < log(259))
      // The loss of the run's own test is that of the command, which reads as it does.
      let log = try sandbox.text("run/metrics.jsonl").split(separator: "\n")
      let test = try #require(log.first { $0.contains("\"test\"") })
      let tested = try JSONValue.parse(Array(test.utf8), name: "metrics").objectValue
      #expect(tested?["loss"] == figures["loss"] && tested?["bytes"] == figures["bytes"])
      let tokens = try #require(figures["tokens"]?.integerValue)
      #expect(figures["count"]?.integerValue.map { $0 + (figures["unknown"]?.integerValue ?? 0) } == tokens - 1)
      let written = try Program.run("generate run/bundle --length 10 --prompt the", in: sandbox.path)
      #expect(written.code == 0 && written.outputText.hasPrefix("the"), "\(written)")
    }
  }

  /// Every piece is that of the stored model, and makes another of it: fewer weights of keys, one vector less a norm,
  /// one map more.
  @Test func todaysBlocksAreStored() throws {
    try Sandbox.withText(lines: 20) { sandbox in
      let line =
        "train language --data text.txt --model transformer --width 8 --heads 4 --layers 1 --context 8 --batch 4"
        + " --max-steps 1 --sample-length 0 --quiet"
      let trained = try Program.run("\(line) \(LanguageKindTests.today) --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let reader = try SafetensorsReader(sandbox.place("run/bundle/model.safetensors"))
      let (names, sizes) = (reader.names, reader.sizes("encoder.blocks.0.attention.key.weight"))
      #expect(sizes == [4, 8], "\(names)")
      #expect(names.contains("encoder.blocks.0.feedForward.factor.weight"), "\(names)")
      #expect(!names.contains { $0.hasSuffix(".bias") || $0.hasSuffix(".shift") }, "\(names)")
      for (options, code, word) in [
        ("--key-heads 3", 78, "keyHeadCount"), ("--key-heads 0", 64, "--key-heads"),
        ("--norm-kind batch", 64, "--norm-kind"), ("--feed-forward-kind swiglu", 64, "--feed-forward-kind"),
      ] as [(String, Int32, String)] {
        let refused = try Program.run("\(line) \(options) --out other", in: sandbox.path)
        #expect(refused.code == code && refused.errorText.contains(word), "\(options): \(refused)")
        #expect(!sandbox.exists("other"))
      }
    }
  }

  /// What is counted has no steps: settings of training are said to do nothing, and its size is one of n-grams.
  @Test func whatIsCountedIsNotTrained() throws {
    try Sandbox.withText(lines: 20) { sandbox in
      let options = "--learning-rate 0.5 --epochs 7 --optimizer sgd --batch 3 --clip-norm 2 --schedule cosine"
      let result = try Program.run(
        "train language --data text.txt --model ngram \(options) --warmup-steps 9 --sample-length 0 --out run",
        in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      for name in (options + " --warmup-steps").split(separator: " ").filter({ $0.hasPrefix("--") }) {
        let note = "\(name) has no effect here: only a model that is trained reads it"
        #expect(result.errorLines.contains { $0.hasSuffix(note) }, "\(name): \(result)")
      }
      let begins = try #require(result.errorLines.first { $0.contains("model: ") }, "\(result)")
      let ends = try #require(result.outputLines.first { $0.hasPrefix("model ") }, "\(result)")
      let size = try #require(begins.split(separator: ", ").last)
      #expect(size.hasSuffix(" n-grams") && ends.hasSuffix(", \(size)"), "\(begins) \(ends)")
    }
  }

  /// A perplexity is that of something: while a model is trained, and at the end.
  @Test(arguments: ["bytes", "characters", "words", "subwords --tokenizer tokenizer.json"])
  func perplexitiesHaveTheirUnit(_ level: String) throws {
    try Sandbox.withText(lines: 20) { sandbox in
      try LanguageKindTests.writeTokenizer(sandbox)
      let result = try Program.run(
        "train language --data text.txt --model bigram --level \(level) --batch 4 --epochs 1 --sample-length 0"
          + " --out run", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      let unit = level.prefix { $0 != " " }.dropLast()
      let line = try #require(result.errorLines.last { $0.contains("validation loss") }, "\(result)")
      let perUnit = try Regex("perplexity [0-9.]+ per \(unit)[,) ]")
      #expect(line.contains(perUnit), "\(line)")
      #expect(line.contains(#/, [0-9.e]+ per word\)/#) == (unit == "subword"), "\(line)")
      let last = try #require(result.outputLines.first { $0.hasPrefix("validation ") }, "\(result)")
      #expect(last.contains(perUnit), "\(last)")
    }
  }

  /// The figures in other units follow from the loss.
  @Test func unitsFollowFromTheLoss() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      try sandbox.write("the film was görgeous .\nthe\n", "other.txt")
      let result = try Program.run("evaluate run --data other.txt --json", in: sandbox.path)
      let figures = try #require(try JSONValue.parse(result.output, name: "figures").objectValue, "\(result)")
      let expected = ["tokens": 28, "words": 6, "characters": 28, "bytes": 29]
      for (key, count) in expected { #expect(figures[key]?.integerValue == count, "\(key): \(result)") }
      let loss = try #require(figures["loss"]?.doubleValue)
      func near(_ key: String, _ value: Double) { #expect(abs((figures[key]?.doubleValue ?? 0) / value - 1) < 1e-9) }
      near("perplexityPerWord", exp(loss * 28 / 6))
      near("bitsPerCharacter", loss / log(2))
      near("bitsPerByte", loss * 28 / 29 / log(2))
      let text = try Program.run("evaluate run --data other.txt", in: sandbox.path)
      for word in ["nats per character", "per word between white space", "per byte", "scored"] {
        #expect(text.outputText.contains(word), "\(word): \(text)")
      }
    }
  }

  /// A segment of unknown tokens teaches nothing.
  @Test func dynamicEvaluationDoesNotLearnTheUnknown() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      try sandbox.write(String(repeating: "日", count: 21) + "the", "other.txt")
      func loss(_ options: String) throws -> Double {
        let result = try Program.run("evaluate run --data other.txt --json \(options)", in: sandbox.path)
        let figures = try #require(try JSONValue.parse(result.output, name: "figures").objectValue, "\(result)")
        return try #require(figures["loss"]?.doubleValue)
      }
      #expect(try abs(loss("--dynamic-rate 5") - loss("")) < 1e-5)
    }
  }

  /// Windows as long as the text are the text; shorter ones know less; each token is scored once whatever the stride.
  @Test func windowsAndStrides() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun()
      func figures(_ options: String) throws -> JSONObject {
        let result = try Program.run("evaluate run --data text.txt --json \(options)", in: sandbox.path)
        return try #require(try JSONValue.parse(result.output, name: "figures").objectValue, "\(result)")
      }
      let whole = try figures("")
      #expect(try figures("--window 1000000")["loss"] == whole["loss"])
      for options in ["--window 16", "--window 16 --stride 5", "--window 7 --stride 7 --positions", "--streams 9"] {
        let found = try figures(options)
        #expect(found["count"] == whole["count"], "\(options)")
        #expect(found["loss"] != whole["loss"], "\(options)")
      }
      let positions = try figures("--window 7 --positions")["lossByPosition"]?.arrayValue?.compactMap(\.doubleValue)
      #expect(positions?.count == 7)
      // Learning at next to no rate is not learning; at a rate it is something else.
      let still = try #require(try figures("--dynamic-rate 1e-12")["loss"]?.doubleValue)
      #expect(abs(still - (whole["loss"]?.doubleValue ?? 0)) < 1e-4)
      #expect(try figures("--dynamic-rate 0.5")["loss"] != whole["loss"])
    }
  }
}
