// Models by their names on the Hub, from the pull to every command of an encoder: what is said names them as they were
// given, and not by the commit that their folders are called.

import EnsueFiles
import EnsueTestSupport
import Testing

@Suite(.serialized) struct HubNameTests {
  /// A Hub with a classifier that has learnt nothing, and the variables of processes that ask it.
  private static func with(
    _ sandbox: Sandbox, _ body: (_ run: ([String]) throws -> ProgramResult) throws -> Void
  ) throws {
    try TinyEncoder.write(labels: ["neg", "pos"], to: sandbox.place("encoder"))
    let files = try InputFile.names(in: sandbox.place("encoder")).map { name in
      FakeFile(name, try sandbox.bytes("encoder/\(name)"), isLarge: name == "model.safetensors")
    }
    let hub = try FakeHub(files)
    let environment = [
      "HF_ENDPOINT": hub.server.address, "HF_HUB_CACHE": sandbox.place("hub"), "HF_HOME": sandbox.place("home"),
      "HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "", "HF_TOKEN": "", "HF_HUB_DOWNLOAD_TIMEOUT": "5",
    ]
    try withExtendedLifetime(hub) {
      try body { try Program.run($0, in: sandbox.path, environment: environment) }
    }
  }

  @Test func aPulledModelIsNamedAsItWasGiven() throws {
    try Sandbox.with { sandbox in
      try HubNameTests.with(sandbox) { run in
        let names = ["hub:org/tiny", "hub:org/tiny@v1.0"]
        for name in names {
          let pulled = try run(["pull", name, "--quiet"])
          #expect(pulled.code == 0, "\(pulled)")
        }
        let measured = try run(["evaluate"] + names + ["--data", "data.tsv"])
        try #require(measured.code == 0, "\(measured)")
        for name in names { #expect(measured.outputText.contains("\(name) "), "\(measured)") }
        #expect(!measured.outputText.contains(FakeHub.commit), "\(measured)")
        let map = ["--map", "hub:org/tiny@v1.0:neg=pos,hub:org/tiny@v1.0:pos=neg"]
        let result = try run(["evaluate"] + names + ["--data", "data.tsv", "--json"] + map)
        let array = try MainJobTests.json(result).arrayValue ?? []
        #expect(array.compactMap { $0.objectValue?["run"]?.stringValue } == names, "\(result)")
        // The two are the same: turned labels turn the accuracy, of the one that they are turned of.
        let accuracies = array.compactMap { $0.objectValue?["accuracy"]?.doubleValue }
        #expect(accuracies.count == 2 && abs(accuracies.reduce(0, +) - 1) < 1e-12, "\(result)")
        #expect(result.errorText == "hub:org/tiny@v1.0: labels: pos means neg, neg means pos\n", "\(result)")
        let trained = try run(
          ["train", "classify", "--from", "hub:org/tiny", "--data", "data.tsv", "--epochs", "1", "--out", "run"])
        #expect(trained.code == 0 && trained.errorText.contains("of hub:org/tiny\n"), "\(trained)")
        for command in ["predict", "embed"] {
          let sentences = ["the food was good", "the plot"]
          let pulled = try run([command, "hub:org/tiny"] + sentences)
          let given = try run([command, "encoder"] + sentences)
          #expect(pulled.code == 0 && pulled.output == given.output && pulled.outputLines.count == 2, "\(pulled)")
        }
      }
    }
  }
}
