// A translation run that is stopped in the middle of an epoch, and goes on, ends as one that never was.

import EnsueFiles
import Foundation
import Testing

@Suite(.serialized) struct TranslationResumeTests {
  private static let data =
    "train translate --dataset reversal --training-pairs 600 --validation-pairs 20 --test-pairs 10 --longest 6"
    + " --symbols 8 --dropout 0.1 --patience 100 --seed 5 --quiet --set training.checkpointSeconds=0.03"

  /// What must be equal, byte for byte.
  private struct Outcome: Equatable {
    let files: [String: String]
    let log: [String]

    init(_ sandbox: Sandbox, _ run: String) throws {
      var files: [String: String] = [:]
      for name in ["bundle/model.safetensors", "bundle/configuration.json", "translations.tsv", "samples/002.txt"] {
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

  /// The newest checkpoint's place in its epoch; nil where there is none.
  private static func stepsDone(_ sandbox: Sandbox, _ run: String) throws -> Int? {
    let folder = sandbox.place("\(run)/checkpoints")
    guard InputFile.isDirectory(folder),
      let name = try InputFile.names(in: folder).last(where: { $0.hasPrefix("step-") && $0.hasSuffix(".safetensors") })
    else { return nil }
    let text = String(decoding: try InputFile.contents(of: "\(folder)/\(name)").prefix(1 << 15), as: UTF8.self)
    let match = try #require(text.firstMatch(of: #/\\"batch\\":([0-9]+)/#), "the checkpoint's state")
    return Int(match.1)
  }

  /// Killed at any moment, again and again, with other numbers of threads; batches of words, whose number changes from
  /// epoch to epoch; sampled symbols; the mean of several weights.
  @Test(arguments: [
    "--hidden 24 --encoder-hidden 12 --embedding-size 8 --batch 8 --epochs 3 --scheduled-sampling linear"
      + " --sampling-constant 1 --sampling-slope 0.01 --average best --average-count 2",
    "--model transformer --width 16 --heads 2 --layers 2 --batch-unit words --batch 40 --strategy target-source"
      + " --accumulate 2 --epochs 3 --average last --average-count 3",
    "--cell lstm --context luong --hidden 32 --encoder-hidden 16 --embedding-size 8 --batch 16 --max-steps 400"
      + " --validate-every 170 --epochs 99 --metric exact-match",
  ])
  func stoppedAtAnyMoment(_ options: String) throws {
    try Sandbox.with { sandbox in
      let line = "\(TranslationResumeTests.data) \(options)"
      let start = ContinuousClock.now
      let whole = try Program.run("\(line) --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let reference = try Outcome(sandbox, "whole")
      var (hits, inMidEpoch, tries) = (0, 0, 0)
      // Until there were kills enough, and one of them in the middle of an epoch; the longer it takes, the later.
      while (hits < 6 || inMidEpoch < 1) && tries < 60 {
        tries += 1
        let program = try Program.start(
          Program.words("\(line) --threads \(tries % 3 + 1) --out killed"), in: sandbox.path)
        Thread.sleep(forTimeInterval: Double.random(in: 0.05...max(0.1, seconds / 5)) * (1 + Double(tries) / 10))
        program.send(SIGKILL)
        let result = try program.result()
        if result.signal == SIGKILL { hits += 1 }
        // A run that got to its end begins anew, but for the last.
        if result.code == 0 && (hits < 6 || inMidEpoch < 1) {
          try FileManager.default.removeItem(atPath: sandbox.place("killed"))
          continue
        }
        if try TranslationResumeTests.stepsDone(sandbox, "killed") ?? 0 > 0 { inMidEpoch += 1 }
      }
      #expect(hits >= 6 && inMidEpoch >= 1, "\(tries) tries, \(inMidEpoch) in mid-epoch")
      let last = try Program.run("\(line) --out killed", in: sandbox.path)
      #expect(last.code == 0, "\(last)")
      #expect(try Outcome(sandbox, "killed") == reference, "killed \(hits) times")
    }
  }

  private static func logSize(_ sandbox: Sandbox) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: sandbox.place("interrupted/metrics.jsonl"))[.size] as? Int) ?? 0
  }

  /// Ctrl-C, each time with other threads.
  @Test func interrupted() throws {
    try Sandbox.with { sandbox in
      let line = "\(TranslationResumeTests.data) --hidden 24 --embedding-size 8 --batch 8 --epochs 60"
      let whole = try Program.run("\(line) --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      for round in 1...2 {
        let before = TranslationResumeTests.logSize(sandbox)
        let program = try Program.start(
          Program.words("\(line) --threads \(round) --out interrupted"), in: sandbox.path)
        // An epoch more than before, and the program is past its beginning.
        for _ in 0..<30_000 where TranslationResumeTests.logSize(sandbox) <= before {
          Thread.sleep(forTimeInterval: 0.001)
        }
        program.send(SIGINT)
        let result = try program.result()
        #expect(result.code == 130, "round \(round): \(result)")
        #expect(result.errorText.contains("saved; run the same command again to go on"), "\(result)")
      }
      let last = try Program.run("\(line) --out interrupted", in: sandbox.path)
      #expect(last.code == 0, "\(last)")
      #expect(try Outcome(sandbox, "interrupted") == Outcome(sandbox, "whole"))
    }
  }

  @Test func killedWhileFinishing() throws {
    try Sandbox.with { sandbox in
      try sandbox.addTranslatingRun(as: "whole")
      try sandbox.addUnfinishedTranslatingRun()
      try sandbox.write("half", "run/bundle/model.safetensors")
      let result = try Program.run("\(TranslatingRun.recurrent) --out run", in: sandbox.path)
      #expect(result.code == 0, "\(result)")
      #expect(try Outcome(sandbox, "run") == Outcome(sandbox, "whole"))
      #expect(sandbox.exists("run/report.html"))
    }
  }
}
