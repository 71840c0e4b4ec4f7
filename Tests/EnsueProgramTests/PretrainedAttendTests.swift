// `ensue attend` of pre-trained encoders: folders of the Hub with a head and without, single texts and pairs.

import EnsueFiles
import EnsueModels
import EnsueTensor
import Foundation
import Testing

@Suite struct PretrainedAttendTests {
  private static func objects(_ sandbox: Sandbox, _ arguments: [String]) throws -> [JSONObject] {
    try AttendTests.objects(try Program.run(["attend"] + arguments + ["--json"], in: sandbox.path))
  }

  /// Takes the head out of a folder's weights, its labels out of config.json.
  private static func behead(_ sandbox: Sandbox, _ folder: String, keepingLabels: Bool) throws {
    let path = sandbox.place("\(folder)/model.safetensors")
    let reader = try SafetensorsReader(path)
    let kept = reader.names.filter { !$0.contains("classifier") && !$0.contains("pooler") }
    #expect(kept.count < reader.names.count)
    try SafetensorsWriter.write(try kept.map { (name: $0, tensor: try reader.tensor($0)) }, to: path)
    guard !keepingLabels else { return }
    let file = "\(folder)/config.json"
    var config = try #require(JSONValue.parse(sandbox.bytes(file), name: file).objectValue)
    (config["id2label"], config["label2id"]) = (nil, nil)
    try sandbox.write(JSONValue.object(config).indented, file)
  }

  @Test(arguments: [EncoderFamilyKind.bert, .distilbert, .albert, .electra])
  func weightsAreShownWithAndWithoutAHead(_ family: EncoderFamilyKind) throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(family, labels: ["bad", "good"], to: sandbox.place("encoder"))
      let whole = try Self.objects(sandbox, ["encoder", "the food was zebra"])[0]
      let tokens = ["[CLS]", "the", "food", "was", "[UNK]", "[SEP]"]
      #expect(whole["tokens"]?.arrayValue?.compactMap(\.stringValue) == tokens)
      #expect(whole["unknown"]?.arrayValue?.compactMap(\.integerValue) == [4])
      let maps = try AttendTests.maps(whole)
      #expect(maps.map { $0["layer"]?.integerValue } == [1, 1, 2, 2])
      #expect(maps.map { $0["head"]?.integerValue } == [1, 2, 1, 2])
      for map in maps {
        let weights = try AttendTests.weights(map)
        #expect(weights.count == tokens.count && weights.allSatisfy { $0.count == tokens.count })
        #expect(weights.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
      }
      // The label is the one that prediction gives.
      let predicted = try Program.run(["predict", "encoder", "the food was zebra", "--json"], in: sandbox.path)
      let prediction = try AttendTests.objects(predicted)[0]
      #expect(whole["label"] == prediction["label"] && whole["label"]?.stringValue != nil)
      for keepingLabels in [true, false] {
        try Self.behead(sandbox, "encoder", keepingLabels: keepingLabels)
        let bare = try Self.objects(sandbox, ["encoder", "the food was zebra"])[0]
        #expect(bare["label"] == .null && bare["probability"] == .null)
        #expect(bare["maps"] == whole["maps"])
        try TinyEncoder.write(family, labels: ["bad", "good"], to: sandbox.place("encoder"))
      }
    }
  }

  @Test func textAndPictures() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(to: sandbox.place("encoder"))
      try Self.behead(sandbox, "encoder", keepingLabels: false)
      let result = try Program.run(
        ["attend", "encoder", "--layer", "2", "the food", "--svg", "a.svg", "--picture", "a.png"], in: sandbox.path)
      #expect(result.code == 0 && result.error.isEmpty, "\(result)")
      #expect(
        result.outputLines.prefix(4).elementsEqual([
          "the food", "", "layer 2, head 1, in per cent", "      [CLS] the food [SEP]",
        ]), "\(result)")
      let svg = try sandbox.text("a.svg")
      #expect(svg.contains(">layer 2, head 2</text>") && svg.contains(">the food</text>"))
      #expect(try sandbox.bytes("a.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let refused = try Program.run(["attend", "encoder", "--layer", "3", "the food"], in: sandbox.path)
      #expect(refused.code == 64 && refused.errorText.contains("--layer: a layer from 1 to 2"), "\(refused)")
    }
  }

  @Test func pairsAreReadTogether() throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(to: sandbox.place("encoder"))
      let objects = try Self.objects(sandbox, ["encoder", "the food", "the plot was", "--pair", "was good"])
      #expect(objects.map { $0["pair"]?.stringValue } == ["was good", "was good"])
      let tokens = ["[CLS]", "the", "food", "[SEP]", "was", "good", "[SEP]"]
      #expect(objects[0]["tokens"]?.arrayValue?.compactMap(\.stringValue) == tokens)
      // The second text has types of its own.
      let one = try Self.objects(sandbox, ["encoder", "the food [SEP] was good"])[0]
      #expect(one["tokens"] == objects[0]["tokens"] && one["maps"] != objects[0]["maps"])
      try sandbox.add(AttendingRun.transformer)
      let refused = try Program.run(["attend", "run", "good", "--pair", "food"], in: sandbox.path)
      #expect(
        refused.code == 64 && refused.errorText.contains("--pair: a model for pairs of texts expected"), "\(refused)")
    }
  }

  @Test func aPulledModelAndALanguageModel() throws {
    try Sandbox.with { sandbox in
      let commit = String(repeating: "0a", count: 20)
      try TinyEncoder.write(to: sandbox.place("hub/models--org--tiny/snapshots/\(commit)"))
      try sandbox.write(commit, "hub/models--org--tiny/refs/main")
      let environment = ["HF_HUB_CACHE": sandbox.place("hub")]
      let found = try Program.run(["attend", "hub:org/tiny", "the food"], in: sandbox.path, environment: environment)
      #expect(found.code == 0 && found.outputLines.contains("layer 1, head 1, in per cent"), "\(found)")
      let pieces = try Program.run(
        "tokenize encode hub:org/tiny --tokens", in: sandbox.path, input: Array("the food\n".utf8),
        environment: environment)
      #expect(pieces.code == 0 && pieces.outputLines == ["the food"], "\(pieces)")
      let absent = try Program.run(["attend", "hub:org/none", "a"], in: sandbox.path, environment: environment)
      #expect(absent.code == 66 && absent.errorText.contains("ensue pull org/none"), "\(absent)")
      let long = try Program.run(
        ["attend", "hub:org/tiny", String(repeating: "food ", count: 100), "--json"], in: sandbox.path,
        environment: environment)
      #expect(try AttendTests.objects(long)[0]["tokens"]?.arrayValue?.count == 40, "cut to the model's positions")
    }
  }
}
