// Ctrl-C within a validation or the last measurement: it ends there, and the run that goes on does it again and ends as
// one that was never stopped.

import EnsueFiles
import Foundation
import Testing

@Suite(.serialized) struct InterruptionTests {
  /// A training of few steps with a long validation and a long test: seconds each, in batches of some milliseconds.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let line: String
    /// Writes `data.tsv` and `long.tsv`, or what the line names.
    let write: @Sendable (Sandbox) throws -> Void

    static let all = [
      Case(
        testDescription: "classify",
        line: "train classify --data data.tsv --validation long.tsv --test long.tsv --model bilstm --hidden 384"
          + " --embedding-size 32 --batch 100 --epochs 1"
      ) { try $0.write(Sentences.table(Sentences.rows(count: 20_000)), "long.tsv") },
      Case(
        testDescription: "language",
        line: "train language --data text.txt --validation long.txt --test long.txt --model transformer --width 192"
          + " --heads 4 --layers 2 --context 32 --batch 32 --max-steps 4 --validate-every 4 --sample-length 0"
      ) { sandbox in
        let text = Sentences.rows(count: 4000).map { $0.text + "\n" }
        try sandbox.write(text.prefix(100).joined(), "text.txt")
        try sandbox.write(text.joined(), "long.txt")
      },
      Case(
        testDescription: "translate",
        line: "train translate --dataset reversal --training-pairs 100 --validation-pairs 2000 --test-pairs 2000"
          + " --longest 12 --symbols 8 --hidden 96 --embedding-size 16 --batch 50 --epochs 1"
          + " --set validation.sentences=2000"
      ) { _ in },
    ]
  }

  /// What must be equal, byte for byte: the bundle's weights and the log without its times.
  private struct Outcome: Equatable {
    let weights: String
    let log: [String]

    init(_ sandbox: Sandbox, _ run: String) throws {
      weights = try InputFile.digest(of: sandbox.place("\(run)/bundle/model.safetensors")).description
      log = try sandbox.text("\(run)/metrics.jsonl").split(separator: "\n").map { line in
        var event = try #require(try JSONValue.parse(Array(line.utf8), name: "metrics.jsonl").objectValue)
        for key in ["seconds", "tokensPerSecond", "trainingSeconds", "peakMemoryBytes"] { event[key] = nil }
        return JSONValue.object(event).description
      }
    }
  }

  @Test(arguments: Case.all) func aValidationAndATestAreLeft(_ given: Case) throws {
    try Sandbox.with { sandbox in
      try given.write(sandbox)
      let line = "\(given.line) --quiet --set training.checkpointSeconds=0.001"
      let whole = try Program.run("\(line) --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      // After the last step there is a checkpoint, and the validation begins.
      let last = try #require(try Self.newest(sandbox, "whole"))
      try Self.stop(sandbox, line, events: 0) { try Self.newest(sandbox, "run") == last }
      // The bundle is written before the test.
      try Self.stop(sandbox, line, events: 1) { sandbox.exists("run/bundle/configuration.json") }
      let rest = try Program.run("\(line) --out run", in: sandbox.path)
      #expect(rest.code == 0, "\(rest)")
      #expect(try Outcome(sandbox, "run") == Outcome(sandbox, "whole"))
    }
  }

  /// The newest checkpoint of a run.
  private static func newest(_ sandbox: Sandbox, _ run: String) throws -> String? {
    let folder = sandbox.place("\(run)/checkpoints")
    guard InputFile.isDirectory(folder) else { return nil }
    return try InputFile.names(in: folder).last { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") }
  }

  /// Starts the run and presses Ctrl-C soon after `isReached`.
  /// - Parameter events: lines of the log then: what was under way has left none.
  private static func stop(
    _ sandbox: Sandbox, _ line: String, events: Int, when isReached: () throws -> Bool
  ) throws {
    let program = try Program.start(Program.words("\(line) --out run"), in: sandbox.path)
    for _ in 0..<30_000 where try !isReached() { Thread.sleep(forTimeInterval: 0.001) }
    Thread.sleep(forTimeInterval: 0.05)
    program.send(SIGINT)
    let start = ContinuousClock.now
    let result = try program.result()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(result.code == 130, "after \(events) events: \(result)")
    #expect(result.errorLines.count == 2 && result.errorText.contains("finishing this step"), "\(result)")
    #expect(result.errorText.contains("saved; run the same command again to go on"), "\(result)")
    #expect(seconds < 2, "\(seconds) seconds from Ctrl-C to the end")
    let log = try sandbox.text("run/metrics.jsonl").split(separator: "\n")
    #expect(log.count == events, "\(log)")
  }
}
