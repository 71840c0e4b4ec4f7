// ensue corpus: texts to shards and back, and what goes wrong.

import EnsueFiles
import Foundation
import Testing

@Suite struct CorpusTests {
  private static let text = (0..<300).map { "the \($0 % 7) cats of house \($0 % 11) sat\n" }.joined()

  @Test func wordsAndTheSameWordsOfAnotherText() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(CorpusTests.text, "train.txt")
      try sandbox.write("the cats\n\nof mice\n", "test.txt")
      let build = try Program.run(
        "corpus build train.txt --level words --documents lines --shard-tokens 500 --out train", in: sandbox.path)
      #expect(build.code == 0 && build.outputText.contains("2,400 tokens in 300 documents and 5 shards"), "\(build)")
      let other = try Program.run("corpus build test.txt --codec train --out test", in: sandbox.path)
      #expect(other.code == 0, "\(other)")
      let show = try Program.run("corpus show test --tokens 9", in: sandbox.path)
      #expect(show.code == 0 && show.outputText.contains("7 tokens in 1 document"), "\(show)")
      // "mice" is unknown.
      #expect(show.outputText.contains("\\n") && show.outputText.contains("of <unk>"), "\(show)")
      let json = try Program.run("corpus show train --json", in: sandbox.path)
      let object = try JSONValue.parse(json.output, name: "json").objectValue
      #expect(object?["tokens"]?.integerValue == 2400 && object?["sources"]?.arrayValue?.count == 1)
    }
  }

  /// A corpus has the figures of the text that it was built of, by word, character and byte too.
  @Test(arguments: ["words", "characters", "bytes"]) func figuresAreThoseOfTheText(_ level: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.write("the naïve cats\n" + CorpusTests.text, "a.txt")
      let built = try Program.run("corpus build a.txt --level \(level) --out a", in: sandbox.path)
      #expect(built.outputText.contains("text 2,103 words, "), "\(built)")
      let trained = try Program.run(
        "train language --model ngram --sample-length 0 --corpus a --test a --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      #expect(trained.outputText.contains(" bits per character  "), "\(trained)")
      // Words do not know the white space between them.
      let isUncounted = level == "words"
      #expect(trained.errorText.contains("nobody has counted the text of a part") == isUncounted, "\(trained)")
      let text = try Program.run("evaluate run --data a.txt --json", in: sandbox.path)
      #expect(text.code == 0 && text.outputText.contains("perplexityPerWord"), "\(text)")
      for options in ["", "--data a"] {
        let corpus = try Program.run("evaluate run --json \(options)", in: sandbox.path)
        #expect(corpus.outputText == text.outputText && corpus.error.isEmpty, "\(corpus)")
      }
      let part = try Program.run("evaluate run --part validation", in: sandbox.path)
      #expect(part.code == 0 && part.outputText.contains("per byte") != isUncounted, "\(part)")
      #expect(part.errorText.contains("run: figures by token alone: nobody has counted") == isUncounted, "\(part)")
      guard !isUncounted else { return }
      // The end of the text has no character of several bytes.
      let bytes = try sandbox.bytes("a.txt")
      let tokenCount = level == "bytes" ? bytes.count : String(decoding: bytes, as: UTF8.self).unicodeScalars.count
      try sandbox.write(Array(bytes.suffix(Int((Double(tokenCount) * 0.1).rounded()))), "end.txt")
      let (own, end) = (
        try Program.run("evaluate run --part validation --json", in: sandbox.path),
        try Program.run("evaluate run --data end.txt --json", in: sandbox.path)
      )
      #expect(own.code == 0 && own.outputText == end.outputText, "\(own)\n\(end)")
    }
  }

  /// A pipe gives the corpus of the file, in pieces as they come.
  @Test(arguments: ["--level bytes", "--codec train", "--codec train --documents lines"])
  func standardInput(_ options: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.write("\u{FEFF}" + CorpusTests.text, "text.txt")
      for line in [
        "corpus build text.txt --level words --out train", "corpus build text.txt \(options) --out file",
      ] {
        let built = try Program.run(line, in: sandbox.path)
        try #require(built.code == 0, "\(built)")
      }
      let piped = try Program.shell(
        "{ printf '\\357'; sleep 0.1; tail -c +2 text.txt; } | \"$ENSUE\" corpus build - \(options) --out pipe",
        in: sandbox.path)
      try #require(piped.code == 0, "\(piped)")
      func index(_ name: String) throws -> JSONObject {
        try #require(try JSONValue.parse(sandbox.bytes("\(name)/corpus.json"), name: name).objectValue)
      }
      let (pipe, file) = (try index("pipe"), try index("file"))
      for key in ["digest", "tokens", "documents", "text"] { #expect(pipe[key] == file[key], "\(key)") }
      let source = { (index: JSONObject) in index["sources"]?.arrayValue?.first?.objectValue }
      #expect(source(pipe)?["digest"] == source(file)?["digest"] && source(pipe)?["bytes"] == source(file)?["bytes"])
      #expect(source(pipe)?["path"]?.stringValue == "standard input")
    }
  }

  /// As training reads a text: Latin-1, and bytes that are no UTF-8.
  @Test func encodingAndBadBytes() throws {
    try Sandbox.with { sandbox in
      try sandbox.write("görgeous naïve\ncafé\n", "utf8.txt")
      try sandbox.write(Array("görgeous naïve\ncafé\n".unicodeScalars.map { UInt8($0.value) }), "latin1.txt")
      try sandbox.write("g\u{FFFD}rgeous na\u{FFFD}ve\ncaf\u{FFFD}\n", "replaced.txt")
      for options in ["--level words", "--level characters", "--level words --documents lines"] {
        for (name, line) in [
          ("a", "utf8.txt"), ("b", "latin1.txt --encoding latin1"), ("c", "replaced.txt"),
          ("d", "latin1.txt --bad-bytes replace"),
        ] {
          let built = try Program.run("corpus build \(line) \(options) --out \(name)", in: sandbox.path)
          try #require(built.code == 0, "\(built)")
          #expect(built.outputText.contains("3 bytes that were not UTF-8 replaced") == (name == "d"), "\(built)")
        }
        for (one, other) in [("a", "b"), ("c", "d")] {
          #expect(try sandbox.bytes("\(one)/codec.json") == sandbox.bytes("\(other)/codec.json"))
          #expect(try sandbox.bytes("\(one)/shard-00000.tokens") == sandbox.bytes("\(other)/shard-00000.tokens"))
        }
        let shown = try Program.run("corpus show d", in: sandbox.path)
        #expect(shown.code == 0 && shown.outputText.contains("3 bytes that were not UTF-8 replaced"), "\(shown)")
        for name in ["a", "b", "c", "d"] { try sandbox.remove(name) }
      }
    }
  }

  /// What was built before texts were counted is read as ever, and says what it lacks.
  @Test func anOlderCorpus() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(CorpusTests.text, "a.txt")
      try Program.run("corpus build a.txt --level words --out a", in: sandbox.path)
      var index = try #require(try JSONValue.parse(sandbox.bytes("a/corpus.json"), name: "index").objectValue)
      index["text"] = nil
      index["indexDigest"] = nil
      index["indexDigest"] = .string(Digest(of: Array(JSONValue.object(index).description.utf8)).description)
      try sandbox.write(JSONValue.object(index).indented, "a/corpus.json")
      let show = try Program.run("corpus show a", in: sandbox.path)
      #expect(show.code == 0 && show.outputText.contains("text not counted"), "\(show)")
      let trained = try Program.run(
        "train language --model ngram --sample-length 0 --corpus a --test a --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let found = try Program.run("evaluate run", in: sandbox.path)
      #expect(found.code == 0 && found.outputText.contains("perplexity"), "\(found)")
      #expect(!found.outputText.contains("per byte"), "\(found)")
      #expect(found.errorText.contains("run: figures by token alone: this corpus has no count"), "\(found)")
    }
  }

  /// As many ids are not the same ids, and what is unknown is not scored.
  @Test func corporaOfOtherTokens() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(CorpusTests.text, "a.txt")
      try sandbox.write(CorpusTests.text.replacingOccurrences(of: "cats", with: "dogs"), "b.txt")
      try sandbox.write("mice mice mice", "unknown.txt")
      try LanguageKindTests.writeTokenizer(sandbox)
      for options in [
        "a.txt --level words --out a", "b.txt --level words --out b", "unknown.txt --codec a --out unknown",
        "a.txt --tokenizer tokenizer.json --out subwords",
      ] {
        let built = try Program.run("corpus build \(options)", in: sandbox.path)
        try #require(built.code == 0, "\(built)")
      }
      let train = "train language --model ngram --sample-length 0 --quiet"
      let trained = try Program.run("\(train) --corpus a --test a --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      try sandbox.replace("\"t h\", \"th e\"", with: "\"t h\"", in: "tokenizer.json")
      for (line, words) in [
        ("evaluate run --data b", "as many of others"), ("evaluate run --data unknown", "found 3 others"),
        ("evaluate run --data subwords", "found a corpus of 258"),
        ("\(train) --corpus a --validation b --out x", "as many of others"),
        ("\(train) --corpus subwords --tokenizer tokenizer.json --out x", "as many of others"),
      ] {
        let result = try Program.run(line, in: sandbox.path)
        #expect(result.code == 65 && result.errorText.contains(words), "\(line): \(result)")
      }
      try sandbox.write(sandbox.text("subwords/tokenizer.json") + "\n", "subwords/tokenizer.json")
      let changed = try Program.run("\(train) --corpus subwords --out x", in: sandbox.path)
      #expect(changed.code == 65 && changed.errorText.contains("subwords/tokenizer.json"), "\(changed)")
    }
  }

  private static let cases: [BadCase] = [
    BadCase("no codec", "corpus build data.tsv --out c", 64, "--tokenizer", "--level"),
    BadCase("rare bytes", "corpus build data.tsv --level bytes --min-count 2 --out c", 64, "--min-count", "words"),
    BadCase("a limit of subwords", "corpus build data.tsv --tokenizer t.json --max-words 9 --out c", 64, "--max-words"),
    BadCase("two codecs", "corpus build data.tsv --level words --tokenizer t.json --out c", 64, "one of"),
    BadCase("subwords as a level", "corpus build data.tsv --level subwords --out c", 64, "characters"),
    BadCase("no file", "corpus build absent.txt --level bytes --out c", 66, "absent.txt"),
    BadCase("no tokenizer", "corpus build data.tsv --tokenizer absent.json --out c", 66, "absent.json"),
    BadCase("a tokenizer of no tokens", "corpus build data.tsv --tokenizer t.json --out c", 65, "t.json", "a token") {
      try $0.write(#"{"model": {"type": "BPE", "unk_token": null, "vocab": {}, "merges": []}}"#, "t.json")
    },
    BadCase("an empty text", "corpus build empty.txt --level bytes --out c", 65, "empty.txt") {
      try $0.write("", "empty.txt")
    },
    BadCase("no UTF-8", "corpus build bad.txt --level words --out c", 65, "bad.txt:2", "0xFF") {
      try $0.write([0x61, 0x0A, 0xFF, 0x0A], "bad.txt")
    },
    BadCase("words counted in a pipe", "corpus build - --level words --out c", 64, "standard input", "--codec"),
    BadCase("an encoding of bytes", "corpus build data.tsv --level bytes --encoding latin1 --out c", 64, "--encoding"),
    BadCase("bad bytes of bytes", "corpus build data.tsv --level bytes --bad-bytes replace --out c", 64, "--bad-bytes"),
    BadCase("a folder with a corpus", "corpus build data.tsv --level bytes --out c", 73, "found a corpus") {
      try $0.write("{}", "c/corpus.json")
    },
    BadCase("no corpus", "corpus show .", 66, "corpus.json"),
    BadCase("another file as the index", "corpus show c", 65, "corpus.json") { try $0.write("[]", "c/corpus.json") },
    BadCase("a codec of nothing", "corpus build data.tsv --codec . --out c", 66, "corpus.json"),
    BadCase("a shard too large", "corpus build data.tsv --level bytes --shard-tokens 0 --out c", 64, "shard-tokens"),
  ]

  @Test(arguments: cases) func refused(_ bad: BadCase) throws { try bad.check() }

  @Test func aShardThatWasCut() throws {
    try Sandbox.with { sandbox in
      try sandbox.write(CorpusTests.text, "train.txt")
      try Program.run("corpus build train.txt --level bytes --out c", in: sandbox.path)
      let bytes = try sandbox.bytes("c/shard-00000.tokens")
      try sandbox.write(Array(bytes.dropLast(100)), "c/shard-00000.tokens")
      let result = try Program.run("corpus show c", in: sandbox.path)
      #expect(result.code == 65 && result.errorText.contains("cut short"), "\(result)")
    }
  }

  private static let models = [
    "--model recurrent --hidden 4 --layers 1 --batch 4 --max-steps 2",
    "--model transformer --width 8 --heads 2 --layers 1 --context 16 --batch 4 --max-steps 2",
    "--model bigram --batch 4 --max-steps 2", "--model ngram",
  ]

  /// Before a first token nothing stands that could predict it.
  @Test(arguments: models) func oneTokenJudgesNoModel(_ model: String) throws {
    try Sandbox.withText { sandbox in
      try sandbox.write("a", "one.txt")
      let train = "train language --data text.txt --level bytes \(model) --sample-length 0 --quiet"
      for line in ["corpus build one.txt --level bytes --out one", "\(train) --out run"] {
        let result = try Program.run(line, in: sandbox.path)
        try #require(result.code == 0, "\(line): \(result)")
      }
      let before = try sandbox.snapshot()
      for data in ["one", "one.txt"] {
        for (line, part) in [
          ("evaluate run --data \(data)", "test"), ("\(train) --validation \(data) --out x", "validation"),
          ("\(train) --test \(data) --out x", "test"),
        ] {
          let result = try Program.run(line, in: sandbox.path)
          let words = "\(data): at least 2 bytes of \(part) text expected, found 1"
          #expect(result.code == 65 && result.errorText.contains(words), "\(line): \(result)")
        }
      }
      #expect(try sandbox.snapshot() == before)
    }
  }

  /// A shard that lost its end is met by a new run, by one that goes on, and by one that has ended.
  @Test(arguments: models) func aCutShardIsNotTrainedOn(_ model: String) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(CorpusTests.text, "train.txt")
      let train = "train language --corpus c \(model) --sample-length 0 --quiet"
      for line in ["corpus build train.txt --level bytes --out c", "\(train) --out ended", "\(train) --out run"] {
        let result = try Program.run(line, in: sandbox.path)
        try #require(result.code == 0, "\(line): \(result)")
      }
      // As a process leaves a folder that was killed just before the end.
      let epochs = try sandbox.text("run/metrics.jsonl").split(separator: "\n").filter { $0.contains("\"epoch\",") }
      try sandbox.write(epochs.map { $0 + "\n" }.joined(), "run/metrics.jsonl")
      try sandbox.remove("run/bundle")
      let shard = "c/shard-00000.tokens"
      let whole = try sandbox.bytes(shard)
      for size in [0, 1000, whole.count / 2, whole.count - 1] {
        try sandbox.write(Array(whole.prefix(size)), shard)
        let before = try sandbox.snapshot()
        for folder in ["new", "run", "ended"] {
          let result = try Program.run("\(train) --out \(folder)", in: sandbox.path)
          #expect(result.code == 65 && result.errorText.contains(shard), "\(size), \(folder): \(result)")
          #expect(result.errorLines.count == 1, "\(result)")
        }
        #expect(try sandbox.snapshot() == before)
      }
      // Nothing is lost: with the shard whole again the run goes on.
      try sandbox.write(whole, shard)
      let result = try Program.run("\(train) --out run", in: sandbox.path)
      #expect(result.code == 0 && sandbox.exists("run/bundle/configuration.json"), "\(result)")
    }
  }
}
