// Pre-trained encoders fine-tuned and measured from the command line, on generated sentences.

import EnsueFiles
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Foundation
import Testing

/// Python with transformers: `ENSUE_PEER_PYTHON`, else `python3`; nil where it is not installed.
private let peerPython: String? = {
  let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
  let found = try? Program.other([python, "-c", "import torch, transformers"], in: NSTemporaryDirectory())
  return found?.code == 0 ? python : nil
}()

@Suite(.serialized) struct FineTuningTests {
  private static let line =
    "train classify --from encoder --data data.tsv --test test.tsv --learning-rate 3e-3 --epochs 8 --batch 16 --quiet"

  private static func with(_ body: (Sandbox) throws -> Void) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(Sentences.table(Sentences.rows(count: 400)), "data.tsv")
      try sandbox.write(Sentences.table(Sentences.rows(count: 90)), "test.tsv")
      try TinyEncoder.write(to: sandbox.place("encoder"))
      try body(sandbox)
    }
  }

  private static func train(_ sandbox: Sandbox, _ options: String, _ run: String) throws {
    let result = try Program.run("\(line) \(options) --out \(run)", in: sandbox.path)
    try #require(result.code == 0, "\(options): \(result)")
  }

  private static func evaluated(_ sandbox: Sandbox, _ line: String) throws -> JSONObject {
    try #require(try MainJobTests.json(try Program.run("evaluate \(line) --json", in: sandbox.path)).objectValue)
  }

  @Test func learnsAndIsUsedAsOtherClassifiersAre() throws {
    try FineTuningTests.with { sandbox in
      try FineTuningTests.train(sandbox, "", "run")
      let own = try FineTuningTests.evaluated(sandbox, "run")
      #expect(try #require(own["accuracy"]?.doubleValue) > 0.95, "\(own)")
      for path in ["run/bundle", "run"] {
        let found = try FineTuningTests.evaluated(sandbox, "\(path) --data test.tsv")
        for key in ["accuracy", "loss", "count"] { #expect(found[key] == own[key], "\(path): \(key)") }
      }
      for name in ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"] {
        #expect(sandbox.exists("run/bundle/\(name)"), "\(name)")
      }
      for name in ["predictions.tsv", "report.html", "metrics.jsonl"] { #expect(sandbox.exists("run/\(name)")) }
      let said = try Program.run(
        ["predict", "run", "the food was very lovely", "the plot was so awful"], in: sandbox.path)
      #expect(said.outputLines.map { $0.split(separator: "\t").first.map(String.init) } == ["pos", "neg"], "\(said)")
      let compared = try Program.run("compare run --json", in: sandbox.path)
      #expect(compared.outputText.contains("\"encoder\""), "\(compared)")
      let again = try Program.run(
        "\(FineTuningTests.line.replacingOccurrences(of: " --quiet", with: "")) --out run", in: sandbox.path)
      #expect(again.errorText.contains("already ended"), "\(again)")
      let attended = try Program.run(["attend", "run", "the food"], in: sandbox.path)
      #expect(attended.code == 0 && attended.outputLines[1].hasSuffix(" %"), "\(attended)")
    }
  }

  /// Dropout by the options: training is another, and the folder that is written says so.
  @Test func dropoutMayBeChosen() throws {
    try FineTuningTests.with { sandbox in
      func trained(_ options: String, _ run: String) throws -> (config: JSONObject, weights: [UInt8]) {
        try FineTuningTests.train(sandbox, "\(options) --set training.epochs=1", run)
        let file = "\(run)/bundle/config.json"
        let config = try #require(JSONValue.parse(sandbox.bytes(file), name: file).objectValue)
        return (config, try sandbox.bytes("\(run)/bundle/model.safetensors"))
      }
      let own = try trained("", "own")
      let none = try trained(
        "--encoder-dropout 0 --encoder-attention-dropout 0 --classifier-dropout 0.3", "none")
      let keys = ["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"]
      #expect(keys.map { own.config[$0]?.doubleValue } == [0.1, 0.1, nil])
      #expect(keys.map { none.config[$0]?.doubleValue } == [0, 0, 0.3])
      #expect(own.weights != none.weights)
    }
  }

  @Test(arguments: EncoderFamilyKind.allCases) func everyFamilyIsFineTuned(_ family: EncoderFamilyKind) throws {
    try FineTuningTests.with { sandbox in
      try sandbox.remove("encoder")
      try TinyEncoder.write(family, to: sandbox.place("encoder"))
      try FineTuningTests.train(sandbox, "", "run")
      let accuracy = try FineTuningTests.evaluated(sandbox, "run")["accuracy"]?.doubleValue
      #expect(try #require(accuracy) > 0.9)
    }
  }

  @Test(arguments: [
    "--layer-decay 0.8 --freeze-layers 1 --accumulate 2", "--lora 4 --lora-maps query,value,inner",
    "--freeze-embedding --gradient-checkpointing",
  ])
  func killedAndGoneOnEndsAsUninterrupted(_ options: String) throws {
    try FineTuningTests.with { sandbox in
      let often = "\(options) --set training.checkpointSeconds=0.02"
      let start = ContinuousClock.now
      try FineTuningTests.train(sandbox, often, "whole")
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      var kills = 0
      for _ in 0..<8 where kills < 3 {
        let program = try Program.start(
          Program.words("\(FineTuningTests.line) \(often) --out killed"), in: sandbox.path)
        Thread.sleep(forTimeInterval: .random(in: 0.2...0.5) * seconds)
        program.send(SIGKILL)
        if try program.result().signal == SIGKILL { kills += 1 }
      }
      #expect(kills > 0)
      try FineTuningTests.train(sandbox, often, "killed")
      for name in ["bundle/model.safetensors", "predictions.tsv"] {
        #expect(try sandbox.bytes("whole/\(name)") == sandbox.bytes("killed/\(name)"), "\(name)")
      }
    }
  }

  @Test func gradientCheckpointingChangesNoBit() throws {
    try FineTuningTests.with { sandbox in
      try FineTuningTests.train(sandbox, "", "kept")
      try FineTuningTests.train(sandbox, "--gradient-checkpointing", "again")
      #expect(try sandbox.bytes("kept/bundle/model.safetensors") == sandbox.bytes("again/bundle/model.safetensors"))
    }
  }

  @Test func whatIsFrozenStaysAsItWas() throws {
    try FineTuningTests.with { sandbox in
      try FineTuningTests.train(sandbox, "--freeze-layers 1", "run")
      try FineTuningTests.train(sandbox, "--lora 2", "lora")
      try FineTuningTests.train(sandbox, "--freeze-embedding --set training.epochs=1", "layers")
      let before = try Weights(sandbox.place("encoder/model.safetensors"))
      let frozen = try Weights(sandbox.place("run/bundle/model.safetensors"))
      let adapted = try Weights(sandbox.place("lora/bundle/model.safetensors"))
      let layers = try Weights(sandbox.place("layers/bundle/model.safetensors"))
      #expect(before.names == frozen.names && before.names == adapted.names)
      let isFrozen = { (name: String) in name.contains("embeddings") || name.contains("layer.0.") }
      // The derivative of a softmax by a bias of the keys is zero.
      let isKeyBias = { (name: String) in name.hasSuffix("key.bias") }
      for name in before.names where !isKeyBias(name) {
        #expect((before[name] == frozen[name]) == isFrozen(name), "\(name)")
        #expect((before[name] == layers[name]) == name.contains("embeddings"), "\(name) with a frozen embedding")
        let isAdapted =
          name.hasSuffix("query.weight") || name.hasSuffix("value.weight")
          || !name.contains("bert.encoder") && !name.contains("embeddings")
        #expect((before[name] != adapted[name]) == isAdapted, "\(name) with adapters")
      }
    }
  }

  @Test func quickReadsFortySentences() throws {
    try FineTuningTests.with { sandbox in
      let result = try Program.run(
        "train classify --from encoder --data data.tsv --test test.tsv --quick --epochs 1 --out run", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      #expect(result.errorText.contains("begin anew: classifier.weight, classifier.bias"), "\(result)")
      for part in ["training", "validation", "test"] {
        #expect(result.errorText.contains("file \(part): 40 sentences"), "\(part): \(result)")
      }
      #expect(try FineTuningTests.evaluated(sandbox, "run")["count"]?.integerValue == 40)
      let configuration = try sandbox.text("run/configuration.json")
      for words in ["\"adamw\"", "\"linear-decay\"", "\"sampleSize\": 40", "\"warmUpShare\": 0.1", "\"accuracy\""] {
        #expect(configuration.contains(words), "\(words) expected in \(configuration)")
      }
    }
  }

  @Test func aSweepFineTunesWithEverySeed() throws {
    try FineTuningTests.with { sandbox in
      let result = try Program.run(
        "sweep classify --from encoder --data data.tsv --sample 40 --epochs 1 --seeds 2 --quiet --out runs",
        in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      for seed in 1...2 { #expect(sandbox.exists("runs/encoder-seed\(seed)/bundle/model.safetensors")) }
    }
  }

  @Test(
    .enabled(if: peerPython != nil, "no Python with transformers: set ENSUE_PEER_PYTHON"), arguments: ["", "--lora 4"])
  func transformersOpensTheBundle(_ options: String) throws {
    try FineTuningTests.with { sandbox in
      try FineTuningTests.train(sandbox, options, "run")
      let peer = try Program.other(
        [try #require(peerPython), TestFiles.golden("fine-tuned.py"), "run/bundle", "run/predictions.tsv"],
        in: sandbox.path)
      #expect(peer.code == 0, "\(peer)")
    }
  }

  /// The reverse: what transformers fine-tuned and saved says here what it says there.
  @Test(
    .enabled(if: peerPython != nil, "no Python with transformers: set ENSUE_PEER_PYTHON"),
    arguments: [EncoderFamilyKind.bert, .roberta])
  func whatTransformersTrainedIsRead(_ family: EncoderFamilyKind) throws {
    try FineTuningTests.with { sandbox in
      try sandbox.remove("encoder")
      try TinyEncoder.write(family, labels: ["neg", "pos"], to: sandbox.place("encoder"))
      let script = TestFiles.golden("trained-elsewhere.py")
      let peer = try Program.other(
        [try #require(peerPython), script, "encoder", "data.tsv", "test.tsv", "theirs"], in: sandbox.path)
      try #require(peer.code == 0, "\(peer)")
      let texts = Sentences.rows(count: 90).map(\.text)
      let said = try sandbox.text("theirs/said.tsv").split(separator: "\n").map { $0.split(separator: "\t") }
      let input = Array(texts.joined(separator: "\n").utf8)
      let found = try Program.run("predict theirs --json", in: sandbox.path, input: input)
      try #require(found.code == 0 && found.outputLines.count == 90 && said.count == 90, "\(found)")
      for (line, theirs) in zip(found.outputLines, said) {
        let own = try JSONValue.parse(Array(line.utf8), name: "predict").objectValue ?? JSONObject()
        let label = String(theirs[0])
        #expect(own["label"]?.stringValue == label, "\(line)")
        let probability = try #require(own["probabilities"]?.objectValue?[label]?.doubleValue, "\(line)")
        let expected = try #require(Double(theirs[1]))
        #expect(abs(probability - expected) < 1e-4 * expected, "\(line): \(expected)")
      }
      let right = try #require(peer.outputLines.last.flatMap { Double($0) })
      let accuracy = try FineTuningTests.evaluated(sandbox, "theirs --data test.tsv")["accuracy"]?.doubleValue
      #expect(accuracy == right / 90, "\(right) right")
    }
  }
}

/// The tensors of a file.
private struct Weights {
  let names: [String]
  private let values: [String: [Float]]

  init(_ path: String) throws {
    let reader = try SafetensorsReader(path)
    names = reader.names.sorted()
    var values: [String: [Float]] = [:]
    for name in names { values[name] = try reader.tensor(name).floats }
    self.values = values
  }

  subscript(name: String) -> [Float]? { values[name] }
}
