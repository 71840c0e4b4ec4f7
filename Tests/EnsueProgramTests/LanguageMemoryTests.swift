// The memory that language models take, as their runs report it.

import EnsueFiles
import Foundation
import Testing

@Suite struct LanguageMemoryTests {
  /// What a run says of its memory at its end.
  private static func peakBytes(_ sandbox: Sandbox, _ run: String) throws -> Int {
    let done = try #require(try sandbox.text("\(run)/metrics.jsonl").split(separator: "\n").last)
    let event = try JSONValue.parse(Array(done.utf8), name: "metrics").objectValue
    return try #require(event?["peakMemoryBytes"]?.integerValue)
  }

  /// The peak of the process that starts a run is none of the run's.
  @Test(.enabled(if: InputFile.exists("/proc/self/status"), "the system does not tell a process's own peak"))
  func isTheRunsOwn() throws {
    let fat = UnsafeMutableRawBufferPointer.allocate(byteCount: 400 << 20, alignment: 4096)
    _ = fat.initializeMemory(as: UInt8.self, repeating: 1)
    defer { fat.deallocate() }
    try Sandbox.withText { sandbox in
      let trained = try Program.run(
        "train language --data text.txt --model ngram --sample-length 0 --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let peak = try LanguageMemoryTests.peakBytes(sandbox, "run")
      #expect(peak > 1 << 20 && peak < 150 << 20, "\(peak >> 20) MiB")
    }
  }

  /// Scores exist for some rows at a time: of a step's 1,000 rows they and their gradients would be 800 MB, of as many
  /// rows of validation they and their logarithms.
  @Test(arguments: [
    "--hidden 4 --embedding-size 4 --layers 1 --steps 50",
    "--model transformer --width 4 --heads 1 --layers 1 --context 50",
  ])
  func aLargeVocabularyTakesLittleMemory(_ model: String) throws {
    try Sandbox.with { sandbox in
      let words = (0..<100_000).map { "w\($0)" }
      try sandbox.write(words.joined(separator: " "), "text.txt")
      try sandbox.write(words.prefix(1500).joined(separator: " "), "validation.txt")
      let trained = try Program.run(
        "train language --data text.txt --validation validation.txt --level words \(model) --batch 20 --max-steps 1"
          + " --sample-length 0 --quiet --out run", in: sandbox.path)
      try #require(trained.code == 0, "\(trained)")
      let peak = try LanguageMemoryTests.peakBytes(sandbox, "run")
      #expect(peak < 600 << 20, "\(peak >> 20) MiB")
    }
  }
}
