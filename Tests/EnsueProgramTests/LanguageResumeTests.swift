// A language model's run that is stopped in the middle of an epoch, and goes on, ends as one that never was.

import EnsueFiles
import Foundation
import Testing

@Suite(.serialized) struct LanguageResumeTests {
  /// Long epochs, so that nearly every stop is in the middle of one; states, windows and accumulated batches that a
  /// resume must have.
  private static let models = [
    "--cell lstm --layers 2 --hidden 32 --embedding-size 16 --dropout 0.2 --recurrent-dropout 0.1"
      + " --learn-initial-state --batch 16 --steps 16",
    "--model transformer --width 16 --heads 2 --layers 2 --context 16 --dropout 0.1 --batch 16 --accumulate 2"
      + " --validate-every 7 --average last --average-count 3",
  ]

  /// What must be equal, byte for byte.
  private struct Outcome: Equatable {
    let files: [String: String]
    let log: [String]

    init(_ sandbox: Sandbox, _ run: String) throws {
      var files: [String: String] = [:]
      for name in ["bundle/model.safetensors", "bundle/configuration.json"] {
        files[name] = try InputFile.digest(of: sandbox.place("\(run)/\(name)")).description
      }
      self.files = files
      log = try sandbox.text("\(run)/metrics.jsonl").split(separator: "\n").map { line in
        var event = try #require(try JSONValue.parse(Array(line.utf8), name: "metrics.jsonl").objectValue)
        for key in ["seconds", "tokensPerSecond", "trainingSeconds", "peakMemoryBytes"] { event[key] = nil }
        return JSONValue.object(event).description
      }
    }
  }

  /// Killed ten times in the middle of an epoch, each time further on; then Ctrl-C, three times in one run.
  @Test(arguments: models) func stoppedAtAnyMoment(_ model: String) throws {
    let line =
      "train language --data text.txt --test text.txt \(model) --epochs 3 --patience 100 --seed 5 --quiet"
      + " --set training.checkpointSeconds=0.02"
    try Sandbox.withText(lines: 2000) { sandbox in
      let start = ContinuousClock.now
      let whole = try Program.run("\(line) --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let reference = try Outcome(sandbox, "whole")
      let stopped = try sandbox.stopInMidEpoch(out: "killed", seconds: seconds, times: 10) {
        "\(line) --threads \($0 % 3 + 1)"
      }
      #expect(stopped == 10, "in the middle of an epoch, of a run of \(seconds) seconds")
      let last = try Program.run("\(line) --out killed", in: sandbox.path)
      #expect(last.code == 0, "\(last)")
      #expect(try Outcome(sandbox, "killed") == reference)
      try LanguageResumeTests.interrupt(sandbox, line, seconds, reference)
    }
  }

  /// Ctrl-C, three times in one run, each time with other threads.
  private static func interrupt(
    _ sandbox: Sandbox, _ line: String, _ seconds: Double, _ reference: Outcome
  ) throws {
    for round in 1...3 {
      let program = try Program.start(
        Program.words("\(line) --threads \(round) --out interrupted"), in: sandbox.path)
      for _ in 0..<3000 where !sandbox.exists("interrupted/metrics.jsonl") { Thread.sleep(forTimeInterval: 0.01) }
      Thread.sleep(forTimeInterval: seconds / 8)
      program.send(SIGINT)
      let result = try program.result()
      #expect(result.code == 130, "round \(round): \(result)")
      #expect(result.errorText.contains("saved; run the same command again to go on"), "\(result)")
    }
    let last = try Program.run("\(line) --out interrupted", in: sandbox.path)
    #expect(last.code == 0, "\(last)")
    #expect(try Outcome(sandbox, "interrupted") == reference)
  }

  /// Killed at a few moments, most of them in the middle of a pass: sampled windows, a corpus.
  @Test(arguments: [
    "--data text.txt --model transformer --width 16 --heads 2 --layers 1 --context 16 --windows sampled --batch 8"
      + " --max-steps 60 --validate-every 17 --average-count 2",
    "--corpus corpus --model recurrent --hidden 16 --embedding-size 8 --layers 1 --batch 8 --steps 8 --epochs 2",
    "--corpus corpus --within-documents --learn-initial-state --dropout 0.2 --hidden 16 --embedding-size 8 --layers 1"
      + " --batch 8 --steps 24 --accumulate 2 --epochs 2",
    "--corpus corpus --model transformer --width 8 --heads 2 --layers 1 --context 12 --within-documents --batch 8"
      + " --max-steps 80 --validate-every 30",
  ])
  func everyKindGoesOn(_ options: String) throws {
    try Sandbox.withText(lines: 300) { sandbox in
      let built = try Program.run(
        "corpus build text.txt --level bytes --documents lines --shard-tokens 5000 --out corpus", in: sandbox.path)
      try #require(built.code == 0, "\(built)")
      let line = "train language \(options) --quiet --set training.checkpointSeconds=0.001"
      let start = ContinuousClock.now
      let whole = try Program.run("\(line) --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let reference = try Outcome(sandbox, "whole")
      let stopped = try sandbox.stopAtRandom(line, out: "killed", seconds: seconds, times: 6)
      #expect(stopped > 0, "the run was never stopped before its end")
      let last = try Program.run("\(line) --out killed", in: sandbox.path)
      #expect(last.code == 0, "\(last)")
      #expect(try Outcome(sandbox, "killed") == reference, "stopped \(stopped) times")
    }
  }

  @Test(arguments: ["--cell lstm", "--cell gru --connection skip --zoneout 0.1", "--cell rnn --variational-dropout"])
  func threadsChangeNothing(_ options: String) throws {
    try Sandbox.withText { sandbox in
      for threads in [1, 2, 5] {
        let result = try Program.run(
          "\(LanguageRun.command) \(options) --dropout 0.2 --threads \(threads) --out t\(threads)", in: sandbox.path)
        #expect(result.code == 0, "\(result)")
      }
      let one = try Outcome(sandbox, "t1")
      #expect(try Outcome(sandbox, "t2") == one)
      #expect(try Outcome(sandbox, "t5") == one)
    }
  }

  @Test func killedWhileFinishing() throws {
    try Sandbox.with { sandbox in
      try sandbox.addLanguageRun("whole")
      try sandbox.addUnfinishedLanguageRun()
      try sandbox.write("half", "run/bundle/model.safetensors")
      let result = try Program.run("\(LanguageRun.command) --out run", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      #expect(try Outcome(sandbox, "run") == Outcome(sandbox, "whole"))
    }
  }
}
