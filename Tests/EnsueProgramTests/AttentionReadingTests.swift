// Classifiers with hard, multi-dimensional and linear attention, from the command line.

import EnsueFiles
import EnsueTestSupport
import Testing

@Suite struct AttentionReadingTests {
  private static let sentence = "the food was so lovely"
  private static let sizes =
    "--embedding-size 12 --hidden 6 --learning-rate 0.01 --epochs 40 --patience 40 --batch 16 --quiet"

  private static func train(_ options: String, in sandbox: Sandbox) throws {
    let trained = try Program.run(
      "train classify --data data.tsv --test data.tsv \(options) \(sizes) --out run", in: sandbox.path)
    try #require(trained.code == 0, "\(trained)")
    let evaluated = try Program.run("evaluate run --json", in: sandbox.path)
    let accuracy = try #require(try MainJobTests.json(evaluated).objectValue?["accuracy"]?.doubleValue)
    #expect(accuracy > 0.9, "\(options): \(evaluated)")
    let predicted = try Program.run("predict run", in: sandbox.path, input: Array("\(sentence)\n".utf8))
    // The sentence is new: what a reading of a single word makes of it is not the test's matter.
    #expect(predicted.code == 0 && ["pos\t", "neg\t"].contains { predicted.outputText.hasPrefix($0) }, "\(predicted)")
  }

  private static func epochs(_ sandbox: Sandbox) throws -> [JSONObject] {
    try String(decoding: sandbox.bytes("run/metrics.jsonl"), as: UTF8.self).split(separator: "\n").compactMap {
      let object = try JSONValue.parse(Array($0.utf8), name: "log").objectValue
      return object?["event"]?.stringValue == "epoch" ? object : nil
    }
  }

  @Test(arguments: ["", "--attention-score general --attention-distribution sparsemax"])
  func hardAttentionIsLearnedAndItsVarianceKept(_ options: String) throws {
    try Sandbox.with { sandbox in
      let reading = "--model bilstm --pooling attention --attention-reading hard \(options)"
      try AttentionReadingTests.train(reading, in: sandbox)
      let epochs = try AttentionReadingTests.epochs(sandbox)
      #expect(!epochs.isEmpty)
      let variances = try epochs.map { try #require($0["drawVariance"]?.objectValue) }
      let last = try #require(variances.last)
      // The baseline has come near what a sentence costs, and what it does not explain is the smaller part.
      let (with, without) = (last["withBaseline"]?.doubleValue, last["withoutBaseline"]?.doubleValue)
      #expect(try #require(with) < #require(without))
      #expect(try sandbox.text("run/report.html").contains("Variance of draws"))
      // A mean of cross-entropies: REINFORCE's surrogate may be negative, a loss of the model may not.
      #expect(epochs.allSatisfy { ($0["trainingLoss"]?.doubleValue ?? -1) > 0 })
      let attended = try Program.run(["attend", "run", AttentionReadingTests.sentence], in: sandbox.path)
      #expect(attended.code == 0 && attended.outputText.contains("the likeliest is read"), "\(attended)")
    }
  }

  @Test func theVarianceIsShown() throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train classify --data data.tsv --model gru --hidden 3 --embedding-size 3 --epochs 1 --out run"
          + " --pooling attention --attention-reading hard", in: sandbox.path)
      #expect(trained.code == 0 && trained.errorText.contains("variance of draws "), "\(trained)")
    }
  }

  @Test func weightsForEachFeatureAreLearned() throws {
    try Sandbox.with { sandbox in
      try AttentionReadingTests.train(
        "--model bilstm --pooling attention --attention-reading multi-dimensional --attention-distribution entmax",
        in: sandbox)
      #expect(try AttentionReadingTests.epochs(sandbox).allSatisfy { $0["drawVariance"] == nil })
      let attended = try Program.run(["attend", "run", AttentionReadingTests.sentence], in: sandbox.path)
      #expect(attended.code == 0 && attended.outputText.contains("the mean of all features' weights"), "\(attended)")
      let json = try Program.run(["attend", "run", "--json", AttentionReadingTests.sentence], in: sandbox.path)
      let object = try #require(try AttendTests.objects(json).first)
      let map = try #require(try AttendTests.maps(object).first)
      #expect(map["level"]?.stringValue == "features")
      let weights = try AttendTests.weights(map)[0]
      #expect(abs(weights.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func linearAttentionIsLearned() throws {
    try Sandbox.with { sandbox in
      try AttentionReadingTests.train(
        "--model transformer --heads 3 --attention-kernel performer --random-features 16", in: sandbox)
      let attended = try Program.run(["attend", "run", AttentionReadingTests.sentence], in: sandbox.path)
      #expect(attended.code == 64 && attended.errorLines.count == 1, "\(attended)")
      #expect(attended.errorText.contains("found the kernel performer, which makes none"), "\(attended)")
    }
  }

  @Test(arguments: refusals) func refused(_ bad: BadCase) throws { try bad.check() }

  private static let bad = "train classify --data data.tsv --quiet --out out"
  private static let badPooled = "\(bad) --model bilstm --pooling attention"

  static let refusals: [BadCase] = [
    BadCase("unknown reading", "\(badPooled) --attention-reading hardd", 64, "'hardd'", "Perhaps 'hard'"),
    BadCase(
      "reading without attention", "\(bad) --model bilstm --attention-reading hard", 78, "model.attentionReading",
      "bilstm with pooling max"),
    BadCase(
      "drawn sentences of documents", "\(bad) --model hierarchical --attention-reading hard", 78,
      "model.attentionReading", "found hierarchical"),
    BadCase(
      "score of each feature", "\(badPooled) --attention-reading multi-dimensional --attention-score dot", 78,
      "model.attentionScore", "multi-dimensional"),
    BadCase(
      "draws from no probabilities", "\(badPooled) --attention-reading hard --attention-distribution sigmoid", 78,
      "model.attentionDistribution", "found sigmoid", "sparsemax"),
    BadCase(
      "a window of features", "\(bad) --model transformer --attention-kernel performer --attention-window 2", 78,
      "model.attentionWindow", "found performer", "--attention-kernel softmax"),
    BadCase("a window of none", "\(bad) --model transformer --attention-window 0", 64, "--attention-window"),
    BadCase("no random features", "\(bad) --random-features 0", 64, "--random-features"),
    BadCase("a bundle that draws from no probabilities", "predict run", 65, "architecture", input: Array("a\n".utf8)) {
      try $0.add(AttendingRun.pooled)
      let file = "run/bundle/configuration.json"
      try $0.replace("\"attentionReading\": \"soft\"", with: "\"attentionReading\": \"hard\"", in: file)
      try $0.replace("\"sparsemax\"", with: "\"coda\"", in: file)
    },
  ]
}
