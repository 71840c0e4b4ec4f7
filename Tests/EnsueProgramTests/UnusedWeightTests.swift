// What a folder has and an encoder does not use is said by every command; what was cut too.

import EnsueFiles
import EnsueTensor
import Testing

@Suite struct UnusedWeightTests {
  /// Puts a tensor beside those of a folder.
  private static func add(_ name: String, to folder: String, in sandbox: Sandbox) throws {
    let path = sandbox.place("\(folder)/model.safetensors")
    let reader = try SafetensorsReader(path)
    let tensors = try reader.names.map { (name: $0, tensor: try reader.tensor($0)) }
    let more: [(name: String, tensor: Tensor)] = [(name: name, tensor: .ones([2]))]
    try SafetensorsWriter.write(tensors + more, to: path)
  }

  @Test(arguments: ["predict", "embed", "attend", "tag", "evaluate"])
  func everyCommandSaysWhatWasNotUsed(_ command: String) throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      if command == "tag" {
        let names = ["SequenceClassification", "TokenClassification"]
        try sandbox.replace(names[0], with: names[1], in: "encoder/config.json")
      }
      let arguments = [command, "encoder"] + (command == "evaluate" ? ["--data", "data.tsv"] : ["the food was good"])
      let whole = try Program.run(arguments, in: sandbox.path)
      #expect(whole.code == 0 && whole.error.isEmpty, "\(whole)")
      try Self.add("surplus.weight", to: "encoder", in: sandbox)
      let found = try Program.run(arguments, in: sandbox.path)
      #expect(found.code == 0 && found.outputLines.count == whole.outputLines.count, "\(found)")
      #expect(found.errorText == "encoder: not used: surplus.weight\n", "\(found)")
    }
  }

  @Test(arguments: ["predict", "embed", "attend"])
  func whatWasCutIsCounted(_ command: String) throws {
    try Sandbox.with { sandbox in
      try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
      let long = String(repeating: "food ", count: 100)
      let found = try Program.run([command, "encoder", long, "the food", long], in: sandbox.path)
      #expect(found.code == 0, "\(found)")
      #expect(found.errorText == "longer than the model reads, and cut: 2 sentences\n", "\(found)")
    }
  }
}
