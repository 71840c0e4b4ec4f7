// What training a translation model, and translating with it, refuse.

import EnsueFiles
import Foundation
import Testing

extension BadCase {
  private static let files = "train translate --data a.txt,b.txt --quiet --out out"

  private static func pairs(
    _ name: String, _ a: String, _ b: String, _ code: Int32, _ words: String..., line: String = files
  ) -> BadCase {
    BadCase(name, line: line, code, words) { sandbox in
      try sandbox.write(a, "a.txt")
      try sandbox.write(b, "b.txt")
    }
  }

  private static func option(_ name: String, _ options: String, _ code: Int32, _ words: String...) -> BadCase {
    BadCase(name, line: "train translate --dataset reversal --quiet --out out \(options)", code, words) { _ in }
  }

  private static func own(_ name: String, _ options: String, _ code: Int32, _ words: String...) -> BadCase {
    BadCase(name, line: "\(files) \(options)", code, words) { try $0.writeParallelText() }
  }

  static let translationData: [BadCase] = [
    BadCase("no pairs named", "train translate --quiet --out out", 64, "a source file and a target file"),
    BadCase("a source missing", files, 66, "a.txt"),
    BadCase("a target missing", files, 66, "b.txt", prepare: { try $0.write("a\n", "a.txt") }),
    BadCase("a folder as source", "train translate --data .,b.txt --out out", 66, "found a directory") {
      try $0.write("a\n", "b.txt")
    },
    pairs("sides of unequal length", "a\nb\nc\n", "a\nb\n", 65, "a.txt", "as many lines as in 'b.txt' (2)", "found 3"),
    pairs("an empty source", "", "a\n", 65, "a.txt", "an empty file"),
    pairs("an empty target", "a\n", "", 65, "b.txt", "an empty file"),
    pairs("nothing but empty lines", "\n\n", "\n\n", 65, "found 2 that were dropped"),
    pairs("nothing within the limits", "a b c\n", "a b c\n", 65, "dropped", line: "\(files) --max-words 2"),
    pairs(
      "the same file twice", "a\n", "b\n", 64, "the same twice",
      line: "train translate --data a.txt,a.txt --quiet --out out"),
    pairs(
      "three files", "a\n", "b\n", 64, "found 3 files",
      line: "train translate --data a.txt,b.txt,a.txt --quiet --out out"),
    pairs("one pair, none left to validate on", "a\n", "b\n", 65, "to hold 1 of them out"),
    BadCase("bytes that are no text", line: files, 65, ["a.txt:1", "0xE9"]) { sandbox in
      try sandbox.write(Array("caf".utf8) + [0xE9, 0x0A], "a.txt")
      try sandbox.write("a\n", "b.txt")
    },
    BadCase("a table of one column", line: "train translate --data t.tsv --quiet --out out", 65, ["t.tsv"]) {
      try $0.write("only\nrows\n", "t.tsv")
    },
    BadCase("an empty table", line: "train translate --data t.tsv --quiet --out out", 65, ["t.tsv", "empty file"]) {
      try $0.write("", "t.tsv")
    },
    BadCase(
      "a table row with a tab too many", line: "train translate --data t.tsv --quiet --out out", 65,
      ["t.tsv:2", "2 fields expected, found 3"]
    ) { try $0.write("a\tb\na\tb\tc\n", "t.tsv") },
    BadCase(
      "languages that a table lacks", line: "train translate --data t.tsv --source ger --target en --quiet --out out",
      65,
      ["t.tsv:1", "ger and en", "'en', 'de'"]
    ) { try $0.write("en\tde\na\tb\nc\td\n", "t.tsv") },
    BadCase("one language of a table", "train translate --data t.tsv --source de --out out", 64, "--target") {
      try $0.write("de\ten\na\tb\n", "t.tsv")
    },
    own("languages of two files", "--source de --target en", 64, "beside 2 files"),
    own("a side of the validation data missing", "--validation a.txt,v.txt", 66, "v.txt"),
    own("a tokenizer that is not there", "--tokenizer gone.json", 66, "gone.json"),
    own("a tokenizer for words", "--tokenizer gone.json --level words", 78, "subwords"),
    own("a tokenizer for each side of a joint vocabulary", "--tokenizer a.json,b.json --joint", 78, "one file"),
    own("one table of vectors for two vocabularies", "--share-embeddings true --level words", 78, "sharesEmbeddings"),
    own("no pairs to validate on", "--validation-pairs 0", 78, "data.validationPairs"),
    BadCase("a named data set without its folder", "train translate --dataset multi30k --out out", 64, "one folder"),
    BadCase("a folder that is no Multi30k", "train translate --dataset multi30k --data . --out out", 66, "raw"),
    BadCase(
      "languages that Multi30k lacks", line: "train translate --dataset multi30k --data . --source xx --out out", 64,
      ["languages de expected, found 'xx'"], prepare: { try $0.write("a\n", "raw/train.de") }),
    option("a language of a generated data set", "--source de", 64, "no language"),
    option("files for a generated data set", "--data a.txt", 64, "no files"),
    option("a data set that is none", "--dataset revresal", 64, "'revresal'", "Perhaps 'reversal' was meant."),
    option("sequences longer than the longest", "--shortest 9 --longest 3", 78, "longest"),
  ]

  static let translationOptions: [BadCase] = [
    option("no sentences in a batch", "--batch 0", 64, "--batch"),
    option("a batch strategy that is none", "--strategy shufle", 64, "'shufle'"),
    option("a context that is none", "--context bahdanu", 64, "Perhaps 'bahdanau' was meant."),
    option("a cell whose output is not fed back", "--context jordan --cell lstm", 78, "output-feedback", "found lstm"),
    option(
      "vectors that are not as wide as the output", "--context jordan --cell output-feedback --hidden 8", 78,
      "embeddingSize"),
    option("a score that is none", "--score addative", 64, "'addative'"),
    option("heads that do not divide the width", "--model transformer --width 10 --heads 3", 78, "headCount"),
    option(
      "sentences beyond the learned places", "--model transformer --positions learned --places 5", 65, "--places",
      "at most 4"),
    option("a metric without translations", "--metric bleu --validation-sentences 0", 78, "training.metric is bleu"),
    option("a metric that is none", "--metric blue", 64, "'blue'"),
    option(
      "a share of sampling beyond 1", "--scheduled-sampling linear --sampling-constant 2", 78, "sampling.constant"),
    option("a sampling that is none", "--scheduled-sampling sigmoid", 64, "'sigmoid'"),
    option("a mean of no validations", "--average-count 0", 64, "--average-count"),
    option("a validation beam of none", "--validation-beam 0", 64, "--validation-beam"),
    option("a test beam of 10,000", "--test-beam 10000", 64, "--test-beam", "from 1 to 1000"),
    option("more digits than sums have", "--digits 16", 64, "--digits", "from 1 to 15"),
    option("layers that skip into a decoder", "--layers 2 --connection skip", 78, "connection", "skip"),
    option(
      "layers that skip into a fixed vector", "--layers 2 --connection skip --context every-step", 78, "connection"),
    option("residual layers where a decoder attends", "--layers 2 --connection residual", 78, "--decoder-layers 1"),
    option("features of a readout without a layer", "--context luong --readout-size 7", 78, "--readout-size"),
    option(
      "sources beyond the places of a score",
      "--score location --shortest 520 --longest 520 --training-pairs 2 --validation-pairs 1 --test-pairs 1", 65,
      "at most 511", "found one of 520", "--score"),
    option("smoothing of everything", "--label-smoothing 1", 64, "--label-smoothing"),
    option("a vocabulary of nothing", "--vocabulary-size 0", 64, "--vocabulary-size"),
    option("a classifier's option", "--pooling max", 64, "--pooling"),
    option("a model beyond the memory", "--hidden 8192 --layers 64 --embedding-size 4096", 78, "memory", "GB"),
    BadCase(
      "a configuration of another task", line: "train translate --config c.json --out out", 78,
      ["c.json", "translate"],
      prepare: { try $0.write(#"{"task": "language"}"#, "c.json") }),
    BadCase(
      "a configuration with a leaf of another task", line: "train translate --config c.json --out out", 78,
      ["tokens.tokenizer"], prepare: { try $0.write(#"{"tokens": {"tokenizer": "a"}}"#, "c.json") }),
  ]

  private static let again = "\(TranslatingRun.recurrent) --out run"

  private static func folder(
    _ name: String, line: String = again, _ code: Int32, _ words: String...,
    damage: @escaping @Sendable (Sandbox) throws -> Void
  ) -> BadCase {
    BadCase(name, line: line, code, words) { sandbox in
      try sandbox.addUnfinishedTranslatingRun()
      try damage(sandbox)
    }
  }

  static let translationRuns: [BadCase] = [
    folder(
      "a translation run of other settings", line: "\(again) --label-smoothing 0.1", 78, "training.labelSmoothing 0",
      "--out"
    ) { _ in
    },
    folder("a translation run of other data", line: "\(again) --data-seed 7", 78, "data.seed 1", "--out") { _ in },
    folder("a classifier's folder for translations", 78, "translate", "classify") { sandbox in
      try sandbox.remove("run")
      try sandbox.addRun()
    },
    folder("a translation run's checkpoint with a flipped bit", 65, "run/checkpoints", "Remove this checkpoint") {
      sandbox in
      let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run/checkpoints")).sorted()
      let file = "run/checkpoints/\(try #require(names.last))"
      var bytes = try sandbox.bytes(file)
      bytes[bytes.count - 9] ^= 1
      try sandbox.write(bytes, file)
    },
    folder("a translation run's log shorter than its checkpoint knows", 65, "run/metrics.jsonl") {
      try $0.write("", "run/metrics.jsonl")
    },
    folder("translate with a run that has not ended", line: "translate run a", 66, "run the training command again") {
      _ in
    },
  ]

  private static func use(
    _ name: String, _ line: String, _ code: Int32, _ words: String..., input: String = "",
    damage: @escaping @Sendable (Sandbox) throws -> Void = { _ in }
  ) -> BadCase {
    BadCase(name, line: line, code, words, input: Array(input.utf8)) { sandbox in
      try sandbox.addTranslatingRun()
      try damage(sandbox)
    }
  }

  private static let weights = "run/bundle/model.safetensors"
  private static let settingsFile = "run/bundle/configuration.json"

  private static func damaged(_ name: String, _ words: String..., old: String, new: String) -> BadCase {
    BadCase(name, line: "translate run a", 65, words) { sandbox in
      try sandbox.addTranslatingRun()
      try sandbox.replace(old, with: new, in: settingsFile)
    }
  }

  static let translationBundles: [BadCase] = [
    BadCase("translate with nothing there", "translate gone a", 66, "gone"),
    BadCase("translate without a run", "translate", 64, "RUN expected"),
    BadCase(
      "translate with a classifier", "translate run a", 65, "translate", "ensue predict", prepare: { try $0.addRun() }),
    BadCase(
      "translate with a language model", "translate run a", 65, "ensue generate", prepare: { try $0.addLanguageRun() }),
    use("predict with a translation model", "predict run good", 65, "classify", "ensue translate"),
    use("generate with a translation model", "generate run", 65, "language", "ensue translate"),
    use("embed with a translation model", "embed run a", 65, "a translation model", "ensue translate"),
    use("tag with a translation model", "tag run a", 65, "a translation model", "ensue translate"),
    use("compare a translation model", "compare run", 78, "classify", "ensue translate"),
    use("a translation bundle without weights", "translate run a", 66, "model.safetensors") { try $0.remove(weights) },
    use("translation weights cut short", "translate run a", 65, "model.safetensors") {
      try $0.write(Array(try $0.bytes(weights).dropLast(8)), weights)
    },
    use("a bit of a translation weight flipped", "translate run a", 65, "damaged") { sandbox in
      var bytes = try sandbox.bytes(weights)
      bytes[bytes.count - 7] ^= 4
      try sandbox.write(bytes, weights)
    },
    use("translation weights that are NaN", "translate run a", 65, "finite") {
      try $0.write(WeightFile($0.bytes(weights)).filled(with: .nan), weights)
    },
    use("a translation bundle's settings missing", "translate run a", 66, "configuration.json") {
      try $0.remove(settingsFile)
    },
    use("a translation bundle's settings cut", "translate run a", 65, "configuration.json") {
      try $0.write("{\"format\": 1,", settingsFile)
    },
    damaged("a newer translation bundle", "format 1 expected, found 2", old: "\"format\": 1", new: "\"format\": 2"),
    damaged("a bundle of one side", "joint", old: "\"joint\": true", new: "\"joint\": 1"),
    damaged("a joint bundle without its symbols", "source", old: "\"joint\": true", new: "\"joint\": false"),
    damaged("a codec of no such level", "codec: an object with a level", old: "\"words\",", new: "\"wordz\","),
    damaged("an end beyond the symbols", "as end expected", old: "\"end\": ", new: "\"end\": 99"),
    damaged("a beginning below 0", "as begin expected", old: "\"begin\": ", new: "\"begin\": -"),
    damaged(
      "lengths of no model", "fixedLengths: source, padding and target", old: "\"joint\": true",
      new: "\"fixedLengths\": {\"source\": 0, \"padding\": 1, \"target\": 3}, \"joint\": true"),
    damaged("a size beyond its weights", "model.safetensors", old: "\"hiddenSize\": 16", new: "\"hiddenSize\": 8192"),
    damaged(
      "a translation size below one", "architecture", old: "\"encoderLayerCount\": 1", new: "\"encoderLayerCount\": 0"),
    damaged(
      "a huge translation size", "architecture", old: "\"hiddenSize\": 16", new: "\"hiddenSize\": 4611686018427387904"),
    damaged("a cell that is none", "architecture", old: "\"cell\": \"gru\"", new: "\"cell\": \"gruu\""),
    damaged("a context that is no context", "architecture", old: "\"bahdanau\"", new: "\"bahdanu\""),
    damaged(
      "a kind of translator that is none", "architecture", old: "\"kind\": \"recurrent\"", new: "\"kind\": \"rnn\""),
    damaged(
      "a translator of another kind", "architecture", old: "\"kind\": \"recurrent\"", new: "\"kind\": \"transformer\""),
  ]

  static let translationUse: [BadCase] = [
    use("a translation beam of none", "translate run --beam 0 a", 64, "--beam", "from 1 to 1000"),
    use("a translation beam of 10,000", "translate run --beam 10000 a", 64, "--beam", "from 1 to 1000"),
    use("more translations than the beam", "translate run --beam 2 --n-best 3 a", 64, "--n-best", "--beam"),
    use(
      "a least length beyond the most", "translate run --minimum-length 9 --maximum-length 3 a", 64, "--minimum-length"),
    use("repeats of no symbol", "translate run --no-repeat-ngram 0 a", 64, "--no-repeat-ngram"),
    use("a penalty that is no number", "translate run --length-penalty nan a", 64, "'nan'"),
    use("a coverage below 0", "translate run --coverage-penalty -1 a", 64, "--coverage-penalty"),
    use("sentences and standard input", "translate run a -", 64, "found both"),
    use("two ways to say a prefix", "translate run --prefix-file p.txt --tabbed-prefixes a", 64, "found both") {
      try $0.write("a\n", "p.txt")
    },
    use("fewer prefixes than sentences", "translate run --prefix-file p.txt a b", 65, "sentence 2", "found 1 lines") {
      try $0.write("a\n", "p.txt")
    },
    use("a prefix of unknown words", "translate run --prefix-file p.txt a", 65, "sentence 1", "found 'zebra'") {
      try $0.write("b zebra\n", "p.txt")
    },
    use("prefixes that are not there", "translate run --prefix-file p.txt a", 66, "p.txt"),
    use(
      "a sentence that is too long", "translate run --max-source 3 a␣b␣c␣d", 65, "sentence 1", "at most 3", "found 4"),
    BadCase(
      "input that is no UTF-8", line: "translate run", 65, ["standard input:1", "UTF-8"], input: [0x61, 0xFF, 0x0A]
    ) {
      try $0.addTranslatingRun()
    },
    BadCase("links without attention", "translate run --alignments a", 64, "--alignments", "one vector") {
      try $0.addTranslatingRun(TranslatingRun.sharedFixed)
    },
    BadCase("coverage without attention", "translate run --coverage-penalty 1 a", 64, "--coverage-penalty") {
      try $0.addTranslatingRun(TranslatingRun.sharedFixed)
    },
    use("evaluate no translations", "evaluate run --sentences 0", 64, "--sentences"),
    use("evaluate a pair that no memory holds", "evaluate run --data s.txt,t.txt", 65, "s.txt", "pair 2", "100000") {
      let long = Array(repeating: "a", count: 100_000).joined(separator: " ")
      for name in ["s.txt", "t.txt"] { try $0.write("a b\n\(long)\n", name) }
    },
    BadCase(
      "evaluate a pair that no Transformer reads", line: "evaluate run --data s.txt,t.txt", 65,
      ["s.txt", "pair 2", "100000"]
    ) { sandbox in
      try sandbox.addTranslatingRun(TranslatingRun.sharedTransformer)
      let long = Array(repeating: "a", count: 100_000).joined(separator: " ")
      for name in ["s.txt", "t.txt"] { try sandbox.write("a b\n\(long)\n", name) }
    },
    use(
      "evaluate a source whose translation nobody awaits", "evaluate run --data s.txt,t.txt", 65, "may have 100000"
    ) {
      let long = Array(repeating: "a", count: 100_000).joined(separator: " ")
      try $0.write("a b\n\(long)\n", "s.txt")
      try $0.write("a b\na b\n", "t.txt")
    },
    use("evaluate translations with a window", "evaluate run --window 4", 64, "--window", "a language model"),
    BadCase(
      "a translation option for a classifier", "evaluate run --beam 4", 64, "--beam", "a translation model",
      prepare: { try $0.addRun() }),
    use("evaluate pairs of unequal length", "evaluate run --data s.txt,t.txt", 65, "found 2") { sandbox in
      try sandbox.write("a\nb\n", "s.txt")
      try sandbox.write("a\n", "t.txt")
    },
    use("evaluate one side", "evaluate run --data s.txt", 65, "s.txt") { try $0.write("a\nb\n", "s.txt") },
    use("evaluate pairs by label", "evaluate run --data s.txt,s.txt --label-column 2", 64, "labelled sentences"),
    use("evaluate translations with a map", "evaluate run --map a=b", 64, "--map", "a translation model"),
    use("evaluate a part of files", "evaluate run --part validation --data s.txt,t.txt", 64, "--part", "--data"),
    use("evaluate a run's pairs in another encoding", "evaluate run --encoding latin1", 64, "--data"),
    use("evaluate a translation bundle without data", "evaluate run/bundle", 64, "--data"),
    use("attend to three texts", "attend run a b c", 64, "found 3"),
    use("attend to a source and standard input", "attend run - a", 64, "found both"),
    use(
      "a picture of too many translations", "attend run --json --svg a.svg", 64, "--svg", "at most 100",
      input: String(repeating: "a\ta\n", count: 101)),
    use("a search where a translation is given", "attend run a a --beam 2", 64, "--beam", "a source alone"),
    use(
      "a search where a line gives a translation", "attend run --beam 2", 64, "--beam", "in sentence 1",
      input: "a\ta\n"),
    use(
      "a least length beyond the most of a measure", "evaluate run --minimum-length 9 --maximum-length 3", 64,
      "--minimum-length"),
    BadCase("a translation's search for a classifier", "attend run a --beam 2", 64, "--beam", "a translation model") {
      try $0.addRun()
    },
    use("attend to nothing", "attend run ∅", 65, "a text to translate"),
    use("attend to a layer that is not there", "attend run --layer 2 a", 64, "--layer", "from 1 to 1"),
    use("a picture of no kind", "attend run --picture a.gif a", 64, "--picture", ".png"),
    BadCase("attend without attention", line: "attend run a", 64, ["attention", "one vector"]) {
      try $0.addTranslatingRun(TranslatingRun.sharedFixed)
    },
  ]
}

@Suite struct TranslationBadInputTests {
  private static let all =
    BadCase.translationData + BadCase.translationOptions + BadCase.translationRuns + BadCase.translationBundles
    + BadCase.translationUse

  @Test(arguments: all)
  func refused(_ bad: BadCase) throws { try bad.check() }

  @Test func everyCaseHasAName() {
    #expect(Set(TranslationBadInputTests.all.map(\.name)).count == TranslationBadInputTests.all.count)
    #expect(TranslationBadInputTests.all.count >= 60)
  }

  @Test func divergence() throws {
    try Sandbox.with { sandbox in
      let result = try Program.run(
        "train translate --dataset reversal --training-pairs 200 --validation-pairs 10 --cell rnn-relu --optimizer sgd"
          + " --learning-rate 100 --hidden 16 --embedding-size 16 --dropout 0 --epochs 50 --patience 1000"
          + " --weight-decay 10 --set training.clipNorm=none --quiet --out run", in: sandbox.path)
      #expect(result.code == 79 && result.errorLines.count == 1, "\(result)")
      #expect(result.errorText.contains("training diverged at step"), "\(result)")
      #expect(!sandbox.exists("run/bundle"))
    }
  }
}
