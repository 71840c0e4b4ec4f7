// The experiments on attention as commands: their files, and what they refuse.

import Testing

@Suite struct ExperimentTests {
  @Test func anExperimentLeavesItsPageAndCharts() throws {
    try Sandbox.with { sandbox in
      let result = try Program.run(
        "experiment attention-zoo --size quick --seeds 1 --threads 2 --quiet --out runs/zoo", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      #expect(sandbox.exists("runs/zoo/report.html") && sandbox.exists("runs/zoo/weights.svg"))
      #expect(try sandbox.text("runs/zoo/report.html").contains("scaled dot"))
      #expect(result.outputLines.contains { $0.hasPrefix("feature-based ") }, "\(result)")
    }
  }

  @Test(arguments: [
    ("experiment lab", 64, "--data"), ("experiment lab --data x --dataset imdb", 64, "semeval"),
    ("experiment lab --data no-such-folder", 66, "no-such-folder"),
    ("experiment lab --data x --size huge", 64, "standard"), ("experiment warmup --seeds 0", 64, "--seeds"),
    ("experiment warm-up", 64, "warmup"),
  ])
  func whatCannotBeIsRefusedInOneLine(_ command: String, _ code: Int, _ words: String) throws {
    try Sandbox.with { sandbox in
      let result = try Program.run(command, in: sandbox.path)
      #expect(result.code.map { Int($0) } == code && result.output.isEmpty, "\(result)")
      #expect("\(result)".contains(words), "\(result)")
      #expect(!sandbox.exists("runs"))
    }
  }
}
