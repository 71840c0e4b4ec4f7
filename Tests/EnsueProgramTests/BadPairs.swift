// Pairs of texts and numbers that must be refused.

import Testing

extension BadCase {
  private static let tuned = "train classify --from encoder --data pairs.tsv --text-column first --quiet --out out"
  private static let columns = "--pair-column second --label-column number --label-kind number"

  private static func pairs(_ name: String, _ options: String, _ code: Int32, _ words: String...) -> BadCase {
    BadCase(name, line: "\(tuned) \(options)", code, words, prepare: prepare)
  }

  @Sendable private static func prepare(_ sandbox: Sandbox) throws {
    try sandbox.write(Pairs.table(40), "pairs.tsv")
    try sandbox.write(Pairs.table(40) + "a\tb\tmany\tsame\n", "word.tsv")
    try sandbox.write(Pairs.table(40) + "a\t\t1\tsame\n", "empty.tsv")
    try sandbox.write("first\tsecond\tnumber\na\tb\t2\nc\td\t2\n", "constant.tsv")
    try TinyEncoder.write(to: sandbox.place("encoder"))
    try TinyEncoder.write(labels: ["LABEL_0"], to: sandbox.place("number"))
  }

  static let pairs: [BadCase] = [
    pairs("a label that is no number", "\(columns) --data word.tsv", 65, "word.tsv:42", "a number", "'many'"),
    pairs("a pair that is empty", "\(columns) --data empty.tsv", 65, "empty.tsv:42", "a second text expected"),
    BadCase(
      "one number only",
      "train classify --from encoder --data constant.tsv --text-column first \(columns) --quiet --out out", 65,
      "at least two numbers", prepare: prepare),
    pairs("accuracy of numbers", "\(columns) --metric accuracy", 78, "mse, pearson, spearman", "found accuracy"),
    pairs("correlation of classes", "--label-column class --metric spearman", 78, "training.metric", "found spearman"),
    pairs("smoothed numbers", "\(columns) --label-smoothing 0.1", 78, "training.labelSmoothing"),
    BadCase(
      "pairs without a model", "train classify --data pairs.tsv --pair-column second --quiet --out out", 78,
      "data.pairColumn", "--model co-attention", "--from", prepare: prepare),
    BadCase(
      "a model of pairs without pairs",
      "train classify --data pairs.tsv --text-column first --label-column class --model co-attention --quiet --out out",
      78, "data.pairColumn", "co-attention", "--pair-column", prepare: prepare),
    BadCase(
      "numbers of pairs without a model",
      "train classify --data pairs.tsv --text-column first \(columns) --model co-attention --quiet --out out", 78,
      "data.labelKind", "--from", prepare: prepare),
    BadCase(
      "numbers without a model", "train classify --data pairs.tsv --label-kind number --quiet --out out", 78,
      "data.labelKind", "--from", prepare: prepare),
    BadCase(
      "pairs of MR", "train classify --from encoder --dataset mr --data . --pair-column 2 --quiet --out out", 64, "mr",
      "--dataset file", prepare: prepare),
    BadCase(
      "names for a model of a number", "evaluate number --data pairs.tsv --text-column first --label-column class", 65,
      "pairs.tsv:2", "a number", prepare: prepare),
    BadCase(
      "labels mapped for a number",
      "evaluate number --data pairs.tsv --text-column first --label-column number --map LABEL_0=x", 64, "--map",
      prepare: prepare),
    BadCase(
      "numbers for a classifier",
      "evaluate encoder --data pairs.tsv --text-column first --label-column number --label-kind number", 64,
      "--label-kind", prepare: prepare),
    BadCase("a pair for a made classifier", "predict run good --pair bad", 64, "co-attention", "--from") {
      try $0.addRun()
    },
    BadCase("a pair of nothing", "predict number --pair bad", 64, "--pair", "found 0", prepare: prepare),
    BadCase("a pair of two", "predict number a b --pair bad", 64, "--pair", "found 2", prepare: prepare),
    BadCase(
      "three texts on a line", "predict number --pairs", 65, "standard input:1", "found 3",
      input: Array("a\tb\tc\n".utf8), prepare: prepare),
  ]
}

@Suite struct BadPairTests {
  @Test(arguments: BadCase.pairs) func refused(_ bad: BadCase) throws { try bad.check() }
}
