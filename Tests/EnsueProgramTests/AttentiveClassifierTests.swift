// Attentive classifiers from the command line: training, resuming, evaluation, sentences of any length, old bundles.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

@Suite struct AttentiveClassifierRuns {
  private static let sizes = "--embedding-size 12 --heads 3 --learning-rate 0.01 --epochs 40 --patience 40 --quiet"

  @Test(arguments: [
    "self-attention", "multi-head-attention", "transformer --layers 2 --positions sinusoidal --dropout 0.1",
    "transformer --layers 2 --norm none --width 24 --feed-forward 32 --activation gelu",
    "transformer --norm post --attention-dropout 0.1 --feed-forward-dropout 0.1",
    "transformer --layers 2 --attention-window 2", "multi-head-attention --attention-block 8",
  ])
  func trainsEvaluatesPredicts(_ model: String) throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train classify --data data.tsv --test data.tsv --model \(model) \(Self.sizes) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let evaluated = try Program.run("evaluate run --json", in: sandbox.path)
      let accuracy = try #require(try MainJobTests.json(evaluated).objectValue?["accuracy"]?.doubleValue)
      #expect(accuracy > 0.95, "\(model): \(evaluated)")
      let predicted = try Program.run(
        "predict run", in: sandbox.path, input: Array("the food was so lovely\nthe plot was so dull\n".utf8))
      #expect(predicted.outputLines.map { $0.prefix(4) } == ["pos\t", "neg\t"], "\(predicted)")
    }
  }

  @Test func tokensOutsideTheWindowAndTheBlockHaveNoWeight() throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train classify --data data.tsv --model self-attention --attention-window 1 --attention-block 3"
          + " --embedding-size 4 --epochs 1 --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0 && trained.error.isEmpty, "\(trained)")
      let attended = try Program.run(["attend", "run", "--json", "the food was so lovely"], in: sandbox.path)
      let sentence = try #require(try AttendTests.objects(attended).first)
      let map = try #require(try AttendTests.maps(sentence).first)
      let weights = try AttendTests.weights(map)
      #expect(weights.count == 5)
      for (query, row) in weights.enumerated() {
        for (key, weight) in row.enumerated() {
          #expect((weight > 0) == (abs(query - key) <= 1 && query / 3 == key / 3), "\(query) \(key) \(weight)")
        }
      }
    }
  }

  @Test(arguments: ["self-attention", "gru --hidden 6 --pooling attention --attention-score location"])
  func aSentenceLongerThanThePositionsIsReadAsFarAsTheyGo(_ model: String) throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train classify --data data.tsv --model \(model) --maximum-positions 20 \(Self.sizes) --out run",
        in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let long = Array(String(repeating: "lovely ", count: 5000).utf8) + [0x0A]
      let cut = Array(String(repeating: "lovely ", count: 20).utf8) + [0x0A]
      let predicted = try Program.run("predict run", in: sandbox.path, input: long + cut)
      #expect(predicted.code == 0 && predicted.outputLines.count == 2, "\(predicted)")
      #expect(Set(predicted.outputLines.map { $0.split(separator: "\t").first }).count == 1)
      #expect(predicted.errorText == "longer than the model reads, and cut: 1 sentence\n", "\(predicted)")
      let attended = try Program.run("attend run --json", in: sandbox.path, input: long + cut)
      #expect(attended.code == 0 && attended.outputLines.count == 2, "\(attended)")
      #expect(attended.errorText == predicted.errorText, "\(attended)")
      let short = try Program.run("predict run", in: sandbox.path, input: cut)
      #expect(short.code == 0 && short.error.isEmpty, "\(short)")
    }
  }

  @Test func aBundleFromBeforeAttentionStillLoads() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let input = Array("the food was so lovely\n".utf8)
      let before = try Program.run("predict run", in: sandbox.path, input: input)
      let file = "run/bundle/configuration.json"
      var bundle = try #require(JSONValue.parse(sandbox.bytes(file), name: file).objectValue)
      var architecture = try #require(bundle["architecture"]?.objectValue)
      let added = [
        "headCount", "activation", "positions", "maximumPositions", "norm", "attentionDropout", "feedForwardDropout",
      ]
      for key in added {
        #expect(architecture[key] != nil, "\(key)")
        architecture[key] = nil
      }
      bundle["architecture"] = .object(architecture)
      try sandbox.write(JSONValue.object(bundle).indented, file)
      let after = try Program.run("predict run", in: sandbox.path, input: input)
      #expect(before.code == 0 && after.code == 0 && after.output == before.output, "\(after)")
    }
  }

  @Test func aBundleWithImpossibleHeadsIsRefused() throws {
    try Sandbox.with { sandbox in
      let trained = try Program.run(
        "train classify --data data.tsv --model transformer \(Self.sizes) --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let file = "run/bundle/configuration.json"
      let good = try sandbox.text(file)
      for (old, new) in [
        ("\"headCount\": 3", "\"headCount\": 5"), ("\"headCount\": 3", "\"headCount\": 0"),
        ("\"maximumPositions\": 512", "\"maximumPositions\": 4611686018427387904"),
        ("\"attentionDropout\": 0", "\"attentionDropout\": 2"), ("\"norm\": \"pre\"", "\"norm\": \"before\""),
      ] {
        try sandbox.write(good, file)
        try sandbox.replace(old, with: new, in: file)
        let result = try Program.run("predict run", in: sandbox.path, input: Array("good\n".utf8))
        #expect(result.code == 65 && result.errorText.contains("architecture"), "\(new): \(result)")
        #expect(result.errorLines.count == 1, "\(new): \(result)")
      }
      // Another table than the file has.
      try sandbox.write(good, file)
      try sandbox.replace("\"maximumPositions\": 512", with: "\"maximumPositions\": 500", in: file)
      let result = try Program.run("predict run", in: sandbox.path, input: Array("good\n".utf8))
      #expect(result.code == 65 && result.errorText.contains("positions.table"), "\(result)")
    }
  }
}
