// ensue evaluate for folders of pre-trained classifiers: what labels mean, several models in one table, what is refused.

import EnsueFiles
import EnsueModels
import EnsueTestSupport
import Testing

@Suite struct PretrainedEvaluationTests {
  @Test func severalModelsMakeOneTable() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      try TinyEncoder.write(labels: ["NEGATIVE", "POSITIVE"], to: sandbox.place("named"))
      try TinyEncoder.write(.distilbert, labels: ["pos", "neg"], seed: 2, to: sandbox.place("swapped"))
      try TinyEncoder.write(.electra, seed: 3, to: sandbox.place("numbered"))
      let words = "evaluate run named swapped numbered --data data.tsv --map LABEL_0=pos,LABEL_1=neg"
      let table = try Program.run(words, in: sandbox.path)
      try #require(table.code == 0, "\(table)")
      #expect(table.outputLines.count == 6, "\(table)")
      for name in ["accuracy", "macro F1", "macro recall", "parameters", "time", "named", "swapped", "numbered"] {
        #expect(table.outputText.contains(name), "\(name): \(table)")
      }
      #expect(table.errorText.contains("numbered: labels: LABEL_1 means neg, LABEL_0 means pos"), "\(table)")
      let array = try MainJobTests.json(try Program.run("\(words) --json", in: sandbox.path)).arrayValue
      #expect(array?.compactMap { $0.objectValue?["run"]?.stringValue } == ["run", "named", "swapped", "numbered"])
      for (name, object) in zip(["run", "named", "swapped", "numbered"], array ?? []) {
        let map = name == "numbered" ? "--map LABEL_0=pos,LABEL_1=neg" : ""
        let alone = try MainJobTests.json(
          try Program.run("evaluate \(name) --data data.tsv \(map) --json", in: sandbox.path))
        #expect(alone == object, "\(name)")
      }
    }
  }

  @Test func bundlesHaveTheNamesOfTheirRuns() throws {
    try Sandbox.with { sandbox in
      for name in ["first", "second"] { try sandbox.addRun(name) }
      let result = try Program.run(
        "evaluate first/bundle ./second/./bundle/ --data data.tsv --json", in: sandbox.path)
      let array = try MainJobTests.json(result).arrayValue
      #expect(array?.compactMap { $0.objectValue?["run"]?.stringValue } == ["first", "second"], "\(result)")
    }
  }

  @Test func turnedLabelsTurnTheAccuracy() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(to: sandbox.place("encoder"))
      func accuracy(_ map: String) throws -> Double {
        let result = try Program.run("evaluate encoder --data data.tsv --map \(map) --json", in: sandbox.path)
        return try #require(try MainJobTests.json(result).objectValue?["accuracy"]?.doubleValue)
      }
      let (one, other) = (try accuracy("LABEL_0=neg,LABEL_1=pos"), try accuracy("LABEL_0=pos,LABEL_1=neg"))
      #expect(abs(one + other - 1) < 1e-12)
      // A model that can say one label only is right where that is the truth.
      let share = Double(Sentences.rows(count: 200).count { $0.label == "neg" }) / 200
      #expect(try abs(accuracy("LABEL_0=neg,LABEL_1=neg") - share) < 1e-12)
    }
  }

  /// What a model says that the data lacks may be left out; of a run the data's labels are its own.
  @Test func aLabelThatTheDataLacksIsLeftOutWhereThatIsSaid() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(labels: ["neg", "neu", "pos"], to: sandbox.place("encoder"))
      let mapped = try Program.run("evaluate encoder --data data.tsv --map neu= --json", in: sandbox.path)
      #expect(mapped.code == 0 && mapped.errorText.contains("neu left out"), "\(mapped)")
    }
  }

  @Test func labelsOfOurOwnCanBeTurnedToo() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      func accuracy(_ map: String) throws -> Double {
        let result = try Program.run("evaluate run \(map) --json", in: sandbox.path)
        return try #require(try MainJobTests.json(result).objectValue?["accuracy"]?.doubleValue, "\(result)")
      }
      #expect(try abs(accuracy("") + accuracy("--map neg=pos,pos=neg") - 1) < 1e-12)
      #expect(try accuracy("--map neg=neg,pos=pos") == accuracy(""))
    }
  }

  @Test(.enabled(if: InputFile.exists("/proc/self/task"), "only Linux lists a process's threads"))
  func predictionHasTheThreadsThatItIsTold() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      func count(_ threads: Int) throws -> Int {
        let script = """
          coproc ANSWERS { exec "$ENSUE" predict encoder --threads \(threads); }
          echo "the food" >&${ANSWERS[1]}
          read -t 30 -u ${ANSWERS[0]} line || exit 9
          ls /proc/$ANSWERS_PID/task | wc -l
          """
        let result = try Program.shell(script, in: sandbox.path)
        return try #require(result.outputLines.first.flatMap { Int($0) }, "\(result)")
      }
      #expect(try count(20) - count(3) == 17)
    }
  }

  @Test func aPartIsSaid() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      for (options, part) in [("", "test"), ("--part training", "training"), ("--part validation", "validation")] {
        let result = try Program.run("evaluate encoder --data data.tsv \(options) --json", in: sandbox.path)
        #expect(try MainJobTests.json(result).objectValue?["split"]?.stringValue == part, "\(result)")
      }
    }
  }

  /// Of several the one that lacks the data is named.
  @Test func aRunWithoutThePartIsNamed() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun("first")
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      let result = try Program.run("evaluate first encoder", in: sandbox.path)
      #expect(result.code == 64 && result.errorText.contains("encoder: labelled sentences"), "\(result)")
    }
  }

  @Test func aSampleIsMeasured() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      let result = try Program.run("evaluate encoder --data data.tsv --sample 40 --json", in: sandbox.path)
      #expect(try MainJobTests.json(result).objectValue?["count"]?.integerValue == 40)
    }
  }

  private static let bad: [BadCase] = [
    BadCase("labels that say nothing", "evaluate encoder --data data.tsv", 64, "LABEL_0", "neg", "pos", "--map") {
      try TinyEncoder.write(to: $0.place("encoder"))
    },
    BadCase("a label too many", "evaluate encoder --data data.tsv", 64, "neutral", "--map") {
      try TinyEncoder.write(labels: ["negative", "neutral", "positive"], to: $0.place("encoder"))
    },
    BadCase("a label that the data lacks", "evaluate encoder --data data.tsv", 64, "neu", "--map") {
      try TinyEncoder.write(labels: ["neg", "neu", "pos"], to: $0.place("encoder"))
    },
    BadCase("a label too few", "evaluate encoder --data three.tsv", 64, "mixed", "--map") {
      try TinyEncoder.write(labels: ["negative", "positive"], to: $0.place("encoder"))
      try $0.write("text\tlabel\nit was good\tpos\nit was bad\tneg\nit was\tmixed\n", "three.tsv")
    },
    BadCase("a map without =", "evaluate encoder --data data.tsv --map LABEL_0", 64, "--map", "LABEL_0") {
      try TinyEncoder.write(to: $0.place("encoder"))
    },
    BadCase("a label that the data has not", "evaluate encoder --data data.tsv --map LABEL_0=bad", 64, "bad", "neg") {
      try TinyEncoder.write(to: $0.place("encoder"))
    },
    BadCase(
      "a label that no model has", "evaluate encoder --data data.tsv --map LABEL_7=neg", 64, "LABEL_7", "NEG"
    ) { try TinyEncoder.write(labels: ["NEG", "POS"], to: $0.place("encoder")) },
    BadCase("a folder without data", "evaluate encoder", 64, "--data") {
      try TinyEncoder.write(labels: ["neg", "pos"], to: $0.place("encoder"))
    },
    BadCase("a folder that is none", "evaluate nothing --data data.tsv", 66, "nothing"),
    BadCase("weights that are missing", "evaluate encoder --data data.tsv", 66, "model.safetensors") {
      try TinyEncoder.write(labels: ["neg", "pos"], to: $0.place("encoder"))
      try $0.remove("encoder/model.safetensors")
    },
    BadCase("a pre-trained model and an architecture", "\(train) --model lstm --out run", 78, "model.kind", "lstm"),
    BadCase("a pre-trained model and word vectors", "\(train) --embeddings v.txt --out run", 78, "embedding.path"),
    BadCase("a pre-trained model and a tokenizer", "\(train) --tokenizer whitespace --out run", 78, "text.tokenizer"),
    BadCase("layers that are not there", "\(train) --freeze-layers 3 --out run", 78, "frozenLayers", "2"),
    BadCase("a length without places", "\(train) --maximum-length 41 --out run", 78, "40"),
    BadCase("a map without adapters", "\(train) --lora 2 --lora-maps keys --out run", 78, "keys", "query"),
    BadCase(
      "adapters without a pre-trained model", "train classify --data data.tsv --lora 2 --out run", 78, "loraRank",
      "--from"),
    BadCase("a share above all", "\(train) --encoder-dropout 1 --out run", 64, "--encoder-dropout"),
    BadCase(
      "an encoder's dropout without one", "train classify --data data.tsv --classifier-dropout 0.2 --out run", 78,
      "classifierDropout", "--from"),
    BadCase("a factor of no adapters", "\(train) --lora-alpha 8 --out run", 78, "loraAlpha", "--lora."),
    BadCase("maps of no adapters", "\(train) --lora-maps key --out run", 78, "loraPlaces", "--lora."),
    BadCase("two sizes of a sample", "\(train) --quick --sample 50 --out run", 64, "--quick or --sample"),
    BadCase("a pre-trained model and the usual architecture", "\(train) --model bilstm --out run", 78, "model.kind"),
    BadCase("a pre-trained model and usual tokens", "\(train) --tokenizer words --out run", 78, "text.tokenizer"),
    BadCase(
      "a sweep of a pre-trained model and others",
      "sweep classify --from encoder --models bilstm --data data.tsv --out runs", 64, "--models", "--from"),
    BadCase("a folder that is not there", "train classify --from nowhere --data data.tsv --out run", 66, "nowhere"),
    BadCase("shared layers with a decay", "\(train) --layer-decay 0.9 --out run", 78, "layerDecay", "share") {
      try TinyEncoder.write(.albert, to: $0.place("encoder"))
    },
    BadCase("two warm-ups", "\(train) --warmup-steps 3 --warmup-share 0.2 --out run", 78, "warm"),
    BadCase("two warm-ups, one as usual", "\(train) --warmup-steps 3 --warmup-share 0.1 --out run", 78, "warm"),
  ].map { entry in
    guard entry.line.hasPrefix(train), !entry.name.hasPrefix("shared") else { return entry }
    return BadCase(entry.name, line: entry.line, entry.code, entry.words) {
      try TinyEncoder.write(to: $0.place("encoder"))
    }
  }
  private static let train = "train classify --from encoder --data data.tsv"

  @Test(arguments: bad) func badInputGivesOneLine(_ entry: BadCase) throws { try entry.check() }
}
