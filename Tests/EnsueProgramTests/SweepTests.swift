// Runs of a sweep beside each other: what each computes does not depend on it, and all of them can be stopped.

import EnsueFiles
import Foundation
import Testing

@Suite(.serialized) struct SweepTests {
  private static let sweep =
    "sweep classify --data data.tsv --models mean,gru,self-attention --seeds 2 --hidden 24 --embedding-size 16 --batch 20"
  private static let runs = ["mean", "gru", "self-attention"].flatMap { ["\($0)-seed1", "\($0)-seed2"] }

  /// The weights of each run.
  private static func weights(_ sandbox: Sandbox, _ folder: String) throws -> [String] {
    try runs.map {
      try InputFile.digest(of: sandbox.place("\(folder)/\($0)/bundle/model.safetensors")).description
    }
  }

  @Test func anyNumberOfThreadsEndsWithTheSameWeights() throws {
    try Sandbox.with { sandbox in
      let line = "\(Self.sweep) --epochs 3 --quiet"
      var tables: [[String]] = []
      for threads in [1, 2, 5, 64] {
        let result = try Program.run("\(line) --threads \(threads) --out t\(threads)", in: sandbox.path)
        try #require(result.code == 0, "\(result)")
        #expect(try Self.weights(sandbox, "t\(threads)") == Self.weights(sandbox, "t1"), "\(threads) threads")
        tables.append(result.outputLines.filter { !$0.contains("training") })
      }
      // The runs are in their order, whichever began first.
      #expect(tables[0].count > 12 && tables.allSatisfy { $0 == tables[0] }, "\(tables)")
    }
  }

  @Test func everyRunIsSaid() throws {
    try Sandbox.with { sandbox in
      let result = try Program.run("\(Self.sweep) --epochs 2 --threads 2 --out out", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      for run in Self.runs {
        let own = result.errorLines.filter { $0.contains("/6 \(run)] ") }
        #expect(own.count { $0.contains("] epoch ") } == 2, "\(result)")
        #expect(own.last?.contains("everything is in out/\(run)") == true, "\(result)")
      }
      // What the data is like is said once.
      #expect(result.errorLines.count { $0.contains("/6 ") && $0.contains("model: ") } == 6, "\(result)")
      #expect(Set((1...6).map { "[\($0)/6 " }.filter { result.errorText.contains($0) }).count == 6, "\(result)")
    }
  }

  @Test func allRunsUnderWayAreSaved() throws {
    try Sandbox.with { sandbox in
      let line = "\(Self.sweep) --epochs 100 --patience 100 --set training.checkpointSeconds=0.02 --quiet"
      let whole = try Program.run("\(line) --threads 2 --out whole", in: sandbox.path)
      try #require(whole.code == 0, "\(whole)")
      let program = try Program.start(Program.words("\(line) --threads 2 --out out"), in: sandbox.path)
      // The last ones begin first.
      let begun = Self.runs.suffix(2).map { sandbox.place("out/\($0)/checkpoints") }
      for _ in 0..<30_000 where !begun.allSatisfy(InputFile.isDirectory) { Thread.sleep(forTimeInterval: 0.001) }
      program.send(SIGINT)
      let stopped = try program.result()
      #expect(stopped.code == 130, "\(stopped)")
      #expect(stopped.errorLines.count { $0.contains("saved; run the same command again") } == 2, "\(stopped)")
      #expect(!sandbox.exists("out/mean-seed1"), "\(stopped)")
      let rest = try Program.run("\(line) --threads 2 --out out", in: sandbox.path)
      #expect(rest.code == 0, "\(rest)")
      #expect(try Self.weights(sandbox, "out") == Self.weights(sandbox, "whole"))
    }
  }

  @Test func aFailureStopsTheOthersAndIsSaid() throws {
    try Sandbox.with { sandbox in
      try sandbox.write("in the way", "out/self-attention-seed2")
      let line = "\(Self.sweep) --epochs 100000 --patience 100000 --threads 2 --out out --quiet"
      let result = try Program.run(line, in: sandbox.path)
      #expect(result.code == 73, "\(result)")
      #expect(result.errorLines.last?.contains("out/self-attention-seed2") == true, "\(result)")
      #expect(!sandbox.exists("out/mean-seed1"), "\(result)")
    }
  }
}
