// Every named data set of pairs, trained on through the program for a step.

import EnsueTestSupport
import Foundation
import Testing

@Suite struct NamedPairTests {
  private static let line =
    "--max-steps 1 --hidden 4 --embedding-size 4 --vocabulary-size 500 --validation-sentences 2 --samples 1"
    + " --test-beam 1 --quiet --out run"

  private func train(_ options: String, tests: Int?) throws {
    try Sandbox.with { sandbox in
      let words = Program.words("train translate \(options) \(NamedPairTests.line)")
      let result = try Program.start(words, in: sandbox.path).result(within: 600)
      try #require(result.code == 0 && result.error.isEmpty, "\(options): \(result)")
      let translated = try Program.run("translate run --beam 1 --maximum-length 3 a", in: sandbox.path)
      #expect(translated.code == 0 && translated.outputLines.count == 1, "\(options): \(translated)")
      let lines = try sandbox.exists("run/translations.tsv") ? sandbox.text("run/translations.tsv") : nil
      #expect(lines?.split(separator: "\n").count == tests.map { $0 + 1 }, "\(options)")
    }
  }

  @Test(arguments: ["dates", "addition", "reversal", "sorting"])
  func generated(_ name: String) throws {
    try train(
      "--dataset \(name) --training-pairs 200 --validation-pairs 10 --test-pairs 20", tests: 20)
  }

  /// Sizes as their makers say; of one file as many are held out as was asked for.
  @Test(
    .enabled(if: TestFiles.data != nil, "\(TestFiles.dataIsAbsent)"),
    arguments: [
      ("multi30k --data DATA/multi30k", 1000), ("tanaka --data DATA/enja", 500),
      ("spelling --data DATA/g2p-morph", nil),
      ("dates --data DATA/toy-seq2seq/date.txt --validation-pairs 10 --test-pairs 20", 20),
      ("addition --data DATA/toy-seq2seq/addition.txt --validation-pairs 10 --test-pairs 20", 20),
    ] as [(String, Int?)])
  func read(_ dataset: String, _ tests: Int?) throws {
    let folder = TestFiles.data ?? ""
    try train("--dataset " + dataset.replacingOccurrences(of: "DATA", with: folder), tests: tests)
  }
}
