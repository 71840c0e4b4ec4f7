// Configuration files, options and commands that must be refused.

extension BadCase {
  private static let train = "train classify --data data.tsv --quiet --out out"

  private static func configuration(_ name: String, _ json: String, _ code: Int32, _ words: String...) -> BadCase {
    BadCase(name, line: "\(train) --config c.json", code, ["c.json"] + words) { try $0.write(json, "c.json") }
  }

  static let settings: [BadCase] = [
    BadCase("unknown command", "trian classify", 64, "'trian'", "Perhaps 'ensue train' was meant."),
    BadCase("unknown second word", "train clasify", 64, "ensue train classify"),
    BadCase("unknown option", "\(train) --hiden 3", 64, "--hiden", "Perhaps --hidden was meant."),
    BadCase("no --out", "train classify --data data.tsv", 64, "--out FOLDER expected"),
    BadCase("empty --out", "train classify --data data.tsv --out ∅", 64, "--out"),
    BadCase("value missing", "\(train) --seed", 64, "--seed", "found the end"),
    BadCase("value is an option", "\(train) --seed --json", 64, "--seed"),
    BadCase("option twice", "\(train) --seed 1 --seed 2", 64, "--seed: one value expected"),
    BadCase("size 0", "\(train) --hidden 0", 64, "from 1 to 8192", "'0'"),
    BadCase("size beyond the largest", "\(train) --hidden 8193", 64, "from 1 to 8192"),
    BadCase("size with a fraction", "\(train) --hidden 4.5", 64, "a whole number"),
    BadCase("seed beyond 64 bits", "\(train) --seed 99999999999999999999", 64, "--seed: a whole number"),
    BadCase("negative epochs", "\(train) --epochs -3", 64, "'-3'"),
    BadCase("learning rate nan", "\(train) --learning-rate nan", 64, "'nan'"),
    BadCase("learning rate 1e99", "\(train) --learning-rate 1e99", 64, "--learning-rate", "'1e99'"),
    BadCase("learning rate 0", "\(train) --learning-rate 0", 64, "above 0"),
    BadCase("dropout 1", "\(train) --dropout 1", 64, "below 1"),
    BadCase("label smoothing -0.1", "\(train) --label-smoothing -0.1", 64, "'-0.1'"),
    BadCase("batch 1e3", "\(train) --batch 1e3", 64, "a whole number"),
    BadCase("threads 0", "\(train) --threads 0", 64, "--threads"),
    BadCase("threads 100,000", "\(train) --threads 100000", 64, "--threads"),
    BadCase("unknown model", "\(train) --model bilstn", 64, "'bilstn'", "Perhaps 'bilstm' was meant."),
    BadCase("unknown pooling", "\(train) --pooling maximum", 64, "--pooling", "max"),
    BadCase("unknown place of norms", "\(train) --model transformer --norm before", 64, "--norm", "pre"),
    BadCase(
      "heads that do not divide the width", "\(train) --model transformer --heads 7", 78, "model.headCount",
      "divides the width 50", "--heads"),
    BadCase(
      "heads that do not divide the width given", "\(train) --model multi-head-attention --width 32", 78,
      "divides the width 32"),
    BadCase(
      "sentences longer than learned positions", "\(train) --model self-attention --maximum-positions 3", 78,
      "model.maximumPositions", "found 3", "--maximum-length 3"),
    BadCase(
      "sentences longer than a score by location knows",
      "\(train) --model gru --pooling attention --attention-score location --maximum-positions 3", 78,
      "model.maximumPositions", "found 3", "--maximum-length 3"),
    BadCase(
      "documents cut later than a score by location ends",
      "\(train) --model hierarchical --attention-score location --maximum-positions 5 --maximum-length 9", 78,
      "text.maximumLength", "found 9", "another --attention-score"),
    BadCase(
      "sentences cut later than learned positions end",
      "\(train) --model transformer --maximum-positions 5 --maximum-length 9", 78, "text.maximumLength", "found 9"),
    BadCase(
      "recurrent dropout of a cell without a map of a state",
      "\(train) --model lstm --cell-file own.txt --recurrent-dropout 0.1", 78, "recurrent dropout", "U_…"
    ) { try $0.write("state h\nh' = tanh(W_h x + p_h ⊙ h)\noutput h'\n", "own.txt") },
    BadCase("a word too many", "\(train) surplus", 64, "no argument expected, found 'surplus'"),
    BadCase("--set without =", "\(train) --set model.kind", 64, "path=value"),
    BadCase(
      "--set of an unknown path", "\(train) --set model.hiddenSise=3", 78, "Perhaps 'model.hiddenSize' was meant."),
    BadCase("--set of a section", "\(train) --set model=lstm", 78, "It is a section"),
    BadCase("--set out of range", "\(train) --set training.checkpointSeconds=-1", 78, "training.checkpointSeconds"),
    BadCase("--set with a control character", "\(train) --set \u{1B}[31m=3", 78, "\\u{1b}"),
    BadCase("configuration file missing", "\(train) --config gone.json", 66, "gone.json"),
    configuration("configuration is no JSON", "model: lstm", 78, "a JSON value"),
    configuration("configuration is a list", "[]", 78, "an object of settings"),
    configuration("configuration with an unknown key", #"{"modle": {}}"#, 78, "Perhaps 'model' was meant."),
    configuration("configuration with an unknown leaf", #"{"model": {"hidden": 3}}"#, 78, "'model.hiddenSize'"),
    configuration("configuration with a key twice", #"{"model": {}, "model": {}}"#, 78, "appears twice"),
    configuration("configuration with a wrong type", #"{"model": {"hiddenSize": "64"}}"#, 78, "model.hiddenSize"),
    configuration("configuration out of range", #"{"training": {"epochs": 0}}"#, 78, "training.epochs"),
    configuration("configuration with 1e999", #"{"optimizer": {"learningRate": 1e999}}"#, 78, "1e999"),
    configuration("configuration for another task", #"{"task": "translate"}"#, 78, "task"),
    BadCase(
      "sweep of an unknown model", "sweep classify --data data.tsv --models mean,lstn --out out --quiet", 64, "lstm"),
    BadCase("sweep without models", "sweep classify --data data.tsv --out out", 64, "--models"),
    BadCase(
      "sweep of the largest seed and one more",
      "sweep classify --data data.tsv --models mean --seed 9223372036854775807 --seeds 2 --out out --quiet", 64, "seed"),
    BadCase("unknown shell", "completion fish", 64, "bash, zsh"),
    BadCase("evaluate nothing", "evaluate", 64, "RUN expected"),
    BadCase("compare nothing", "compare", 64, "RUN"),
    BadCase("predict without a run", "predict", 64, "RUN expected"),
  ]
}
