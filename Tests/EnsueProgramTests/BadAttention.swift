// Attention that cannot be had or shown.

extension BadCase {
  private static let train = "train classify --data data.tsv --quiet --out out"

  static let attention: [BadCase] = [
    BadCase(
      "attend to a classifier without attention", "attend run good", 64, "run: a classifier with attention expected",
      "found lstm with pooling max", "transformer", "--pooling attention"
    ) { try $0.addRun() },
    BadCase("attend without a run", "attend", 64, "RUN expected"),
    BadCase("attend to a run that is missing", "attend gone good", 66, "gone"),
    BadCase("attend to layer 0", "attend run --layer 0 good", 64, "from 1 to 64", "'0'") {
      try $0.add(AttendingRun.transformer)
    },
    BadCase("attend to a layer too many", "attend run --layer 3 good", 64, "--layer: a layer from 1 to 2", "found 3") {
      try $0.add(AttendingRun.transformer)
    },
    BadCase("attend to a head too many", "attend run --head 4 good", 64, "--head: a head from 1 to 3", "found 4") {
      try $0.add(AttendingRun.transformer)
    },
    BadCase("attend to sentences and input", "attend run good -", 64, "sentences or -", "both") {
      try $0.add(AttendingRun.transformer)
    },
    BadCase("attend with a picture nowhere", "attend run good --svg gone/x.svg", 73, "gone/x.svg") {
      try $0.add(AttendingRun.pooled)
    },
    BadCase(
      "attend to a sentence without end", "attend run", 65, "attention weights", "Give a shorter text",
      input: Array(String(repeating: "good ", count: 3000).utf8)
    ) { try $0.add(AttendingRun.transformer) },
    BadCase(
      "attend to input that is no UTF-8", "attend run", 65, "standard input:1", "UTF-8", input: [0x67, 0xFF, 0x0A]
    ) { try $0.add(AttendingRun.pooled) },
    BadCase("unknown score", "\(train) --pooling attention --attention-score dott", 64, "'dott'", "Perhaps 'dot'"),
    BadCase("unknown distribution", "\(train) --attention-distribution sparse", 64, "--attention-distribution"),
    BadCase("alpha below 1", "\(train) --attention-alpha 0.9", 64, "--attention-alpha"),
    BadCase(
      "score without attention", "\(train) --model bilstm --attention-score dot", 78, "model.attentionScore",
      "bilstm with pooling max", "--pooling attention"),
    BadCase(
      "distribution without attention", "\(train) --model mean --attention-distribution sparsemax", 78,
      "model.attentionDistribution", "found mean"),
    BadCase(
      "alpha without entmax", "\(train) --model bilstm --pooling attention --attention-alpha 1.2", 78,
      "model.attentionAlpha", "entmax"),
    BadCase("a bundle with an alpha that is none", "predict run", 65, "architecture", input: Array("good\n".utf8)) {
      try $0.add(AttendingRun.pooled)
      try $0.replace("\"attentionAlpha\": 1.5", with: "\"attentionAlpha\": 0.5", in: "run/bundle/configuration.json")
    },
    BadCase("a bundle with an alpha too large", "predict run", 65, "architecture", input: Array("good\n".utf8)) {
      try $0.add(AttendingRun.pooled)
      try $0.replace("\"attentionAlpha\": 1.5", with: "\"attentionAlpha\": 65", in: "run/bundle/configuration.json")
    },
    BadCase("a bundle with another score", "predict run", 65, "pooling", input: Array("good\n".utf8)) {
      try $0.add(AttendingRun.pooled)
      try $0.replace("\"general\"", with: "\"additive\"", in: "run/bundle/configuration.json")
    },
  ]
}
