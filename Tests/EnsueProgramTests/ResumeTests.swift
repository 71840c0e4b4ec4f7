// A run that is stopped, however it is stopped, and started again ends as one that never was.

import EnsueFiles
import Foundation
import Testing

@Suite(.serialized) struct ResumeTests {
  /// Long enough to be stopped ten times.
  private static let line =
    "train classify --data data.tsv --test test.tsv --model bilstm --hidden 48 --embedding-size 32 --dropout 0.3"
    + " --epochs 12 --patience 100 --batch 16 --seed 5 --quiet --set training.checkpointSeconds=0.05"

  /// A run with enough sentences; `options` after the common ones.
  private static func withReference(
    _ body: (_ sandbox: Sandbox, _ seconds: Double, _ reference: Outcome) throws -> Void
  ) throws {
    try Sandbox.with { sandbox in
      try sandbox.write(Sentences.table(Sentences.rows(count: 2400)), "data.tsv")
      try sandbox.write(Sentences.table(Sentences.rows(count: 90)), "test.tsv")
      let start = ContinuousClock.now
      let result = try Program.run("\(line) --out whole", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      try body(sandbox, (ContinuousClock.now - start) / .seconds(1), Outcome(sandbox, "whole"))
    }
  }

  /// What must be equal, byte for byte.
  private struct Outcome: Equatable {
    let files: [String: String]
    let log: String

    init(_ sandbox: Sandbox, _ run: String) throws {
      var files: [String: String] = [:]
      for name in ["bundle/model.safetensors", "bundle/vocabulary.txt", "bundle/configuration.json", "predictions.tsv"]
      {
        files[name] = try InputFile.digest(of: sandbox.place("\(run)/\(name)")).description
      }
      self.files = files
      log = try Outcome.withoutTimes(sandbox.text("\(run)/metrics.jsonl"))
    }

    private static func withoutTimes(_ log: String) throws -> String {
      try log.split(separator: "\n").map { line in
        var event = try #require(try JSONValue.parse(Array(line.utf8), name: "metrics.jsonl").objectValue)
        for key in ["seconds", "tokensPerSecond", "trainingSeconds", "peakMemoryBytes"] { event[key] = nil }
        return JSONValue.object(event).description
      }.joined(separator: "\n")
    }
  }

  @Test func killedAtTenMomentsAndStoppedByHand() throws {
    try ResumeTests.withReference { sandbox, seconds, reference in
      var hits = 0
      var delays: [Double] = []
      while hits < 10 && delays.count < 40 {
        // The sum of ten is about half of a whole run.
        let delay = Double.random(in: 0.02...max(0.03, seconds / 10))
        delays.append(delay)
        let program = try Program.start(Program.words("\(ResumeTests.line) --out killed"), in: sandbox.path)
        Thread.sleep(forTimeInterval: delay)
        program.send(SIGKILL)
        if try program.result().signal == SIGKILL { hits += 1 }
      }
      #expect(hits == 10, "killed after \(delays) seconds")
      let last = try Program.run("\(ResumeTests.line) --out killed", in: sandbox.path)
      #expect(last.code == 0, "\(last)")
      #expect(try Outcome(sandbox, "killed") == reference, "killed after \(delays) seconds")
      try ResumeTests.interrupt(sandbox, seconds, reference)
    }
  }

  /// Ctrl-C, three times in one run.
  private static func interrupt(_ sandbox: Sandbox, _ seconds: Double, _ reference: Outcome) throws {
    for round in 1...3 {
      let program = try Program.start(Program.words("\(line) --out interrupted"), in: sandbox.path)
      try waitUntil { sandbox.exists("interrupted/configuration.json") }
      Thread.sleep(forTimeInterval: seconds / 10)
      program.send(SIGINT)
      let result = try program.result()
      #expect(result.code == 130, "round \(round): \(result)")
      #expect(result.errorText.contains("finishing this step"), "\(result)")
      #expect(result.errorText.contains("saved; run the same command again to go on"), "\(result)")
      #expect(result.output.isEmpty)
    }
    let last = try Program.run("\(line) --out interrupted", in: sandbox.path)
    #expect(last.code == 0, "\(last)")
    #expect(try Outcome(sandbox, "interrupted") == reference)
  }

  @Test func threadsChangeNothing() throws {
    try Sandbox.with { sandbox in
      for threads in [1, 2, 5] {
        let result = try Program.run(
          "\(TrainedRun.command) --dropout 0.2 --threads \(threads) --out t\(threads)", in: sandbox.path)
        #expect(result.code == 0, "\(result)")
      }
      let one = try Outcome(sandbox, "t1")
      #expect(try Outcome(sandbox, "t2") == one)
      #expect(try Outcome(sandbox, "t5") == one)
    }
  }

  @Test func oneProcessAFolder() throws {
    try Sandbox.with { sandbox in
      let words = Program.words(
        "train classify --data data.tsv --model lstm --epochs 1000000 --patience 1000000 --quiet --out run")
      let first = try Program.start(words, in: sandbox.path)
      try ResumeTests.waitUntil { sandbox.exists("run/metrics.jsonl") }
      let second = try Program.run(words, in: sandbox.path)
      #expect(second.code == 73 && second.errorText.contains("another process is writing"), "\(second)")
      #expect(second.errorLines.count == 1)
      #expect(first.isRunning)
      // Two presses end it at once.
      first.send(SIGINT)
      first.send(SIGINT)
      #expect(try first.result().code == 130)
    }
  }

  @Test func killedWhileFinishing() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun("whole")
      // Everything after the last checkpoint is lost, or half there.
      try sandbox.addUnfinishedRun("run")
      try sandbox.write("half", "run/bundle/model.safetensors")
      let result = try Program.run("\(TrainedRun.command) --out run", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      #expect(try Outcome(sandbox, "run") == Outcome(sandbox, "whole"))
    }
  }

  @Test func anEndedRunIsLeftAlone() throws {
    try Sandbox.with { sandbox in
      try sandbox.addRun()
      let before = try sandbox.snapshot()
      let result = try Program.run("\(TrainedRun.command) --out run", in: sandbox.path)
      #expect(result.code == 0 && result.outputText.contains("LSTM"), "\(result)")
      #expect(try sandbox.snapshot() == before)
    }
  }

  private static func waitUntil(_ condition: () -> Bool) throws {
    for _ in 0..<3000 {
      if condition() { return }
      Thread.sleep(forTimeInterval: 0.01)
    }
    Issue.record("nothing happened for 30 seconds")
  }
}
