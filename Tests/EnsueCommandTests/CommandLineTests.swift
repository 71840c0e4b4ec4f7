// Command lines that are right.

import EnsueFiles
import EnsueTasks
import Foundation
import Testing

struct CommandLineTests {
  private func parsed(_ line: String) throws -> ParsedArguments {
    let invocation = try SampleProgram.commands.invocation(for: SampleProgram.words(line))
    guard case .run(let arguments) = invocation else { throw Failure(.internal, "no command") }
    return arguments
  }

  private func configuration(_ line: String) throws -> SampleConfiguration {
    var configuration = SampleConfiguration()
    try SampleConfiguration.settings.apply(parsed(line), to: &configuration, ignoring: ["task"])
    return configuration
  }

  @Test func valuesAttachedAndApart() throws {
    let result = try configuration(
      "train classify --out=r --hidden 64 --learning-rate=.01 --train-embeddings --data a=b.tsv --note=--x --clip none")
    #expect(result.model.hiddenSize == 64 && result.optimizer.learningRate == 0.01 && result.embedding.isTrained)
    #expect(result.data.training == "a=b.tsv" && result.training.note == "--x" && result.optimizer.clipNorm == nil)
  }

  @Test func theLaterWins() throws {
    let train = "train classify --out r"
    #expect(try configuration("\(train) --seed 2 --set training.seed=3").training.seed == 3)
    #expect(try configuration("\(train) --set training.seed=3 --seed 2").training.seed == 2)
    #expect(try configuration("\(train) --set training.seed=3 --set training.seed=4").training.seed == 4)
    #expect(try configuration("\(train) --seed 2 --seed 2").training.seed == 2)
    #expect(
      try configuration("\(train) --set embedding.isTrained=true --no-train-embeddings").embedding.isTrained == false)
  }

  @Test func listsGrowAndReplace() throws {
    let line = "train classify --out r --set data.labels=x --labels a,b --labels [\"c,d\"]"
    #expect(try configuration(line).data.labels == ["a", "b", "c,d"])
  }

  @Test func theFileComesFirst() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "ensue-\(UUID().uuidString).json").path
    try OutputFile.write(
      #"{"task":"classify","training":{"seed":7,"epochs":3},"model":{"kind":"lstm"}}"#, to: file)
    defer { try? OutputFile.remove(file) }
    let result = try configuration("train classify --seed 8 --out r --config \(file)")
    #expect(result.training.seed == 8 && result.training.epochs == 3 && result.model.kind == .lstm)
    // The file names the task.
    #expect(try parsed("train --config \(file) --out r").command.name == "train classify")
    #expect(try parsed("train --out r --config=\(file)").command.name == "train classify")
    try OutputFile.write(#"{"task":"clasify"}"#, to: file)
    let failure = #expect(throws: Failure.self) { try parsed("train --config \(file)") }
    #expect(failure?.kind == .configuration && failure?.advice == "Perhaps 'classify' was meant.")
    try OutputFile.write(#"{"training":{}}"#, to: file)
    #expect(throws: Failure.self) { try parsed("train --config \(file)") }
    try OutputFile.write(#"{"training":}"#, to: file)
    let broken = #expect(throws: Failure.self) { try configuration("train classify --out r --config \(file)") }
    #expect(broken?.kind == .configuration && broken?.place == "\(file)@12")
  }

  @Test func positionalsAreDealt() throws {
    let arguments = try parsed("evaluate run --json a - --batch-size 7 -- --b")
    #expect(arguments.positional("RUN") == "run")
    #expect(arguments.positionals("FILE") == ["a", "-", "--b"])
    #expect(arguments.flag("json") && arguments.integer("batch-size") == 7 && arguments.number("threshold") == nil)
    #expect(try parsed("predict run").positional("FILE") == nil)
    #expect(try parsed("predict run -").positional("FILE") == "-")
    #expect(try parsed("evaluate r --metric accuracy --metric=macro-f1").texts("metric") == ["accuracy", "macro-f1"])
    #expect(try parsed("predict r --prompt -").text("prompt") == "-")
    #expect(try parsed("predict r --prompt ∅").text("prompt") == "")
  }

  @Test(arguments: [
    ("", []), ("help", []), ("--help", []), ("-h", []), ("help train", ["train"]), ("train --help", ["train"]),
    ("train classify --help", ["train", "classify"]), ("train classify --sed 3 -h", ["train", "classify"]),
    ("help train classify", ["train", "classify"]), ("evaluate --help x", ["evaluate"]), ("help help", nil),
    ("evaluate r -- --help", nil), ("help --help", []), ("completion -h", ["completion"]),
  ])
  func helpIsFound(_ line: String, _ topic: [String]?) throws {
    let invocation = try? SampleProgram.commands.invocation(for: SampleProgram.words(line))
    if case .help(let found) = invocation {
      #expect(found == topic)
    } else {
      #expect(topic == nil)
    }
  }

  @Test func versionAndCompletion() throws {
    guard case .version = try SampleProgram.commands.invocation(for: ["--version"]) else {
      Issue.record("no version")
      return
    }
    guard case .completion(.zsh) = try SampleProgram.commands.invocation(for: ["completion", "zsh"]) else {
      Issue.record("no completion")
      return
    }
  }
}
