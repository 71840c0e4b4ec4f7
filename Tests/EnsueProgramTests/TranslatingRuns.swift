// Translation models trained once for all tests, on sequences to be reversed.

import EnsueFiles
import Foundation
import Testing

/// A run folder of a translation model, and the command that made it.
struct TranslatingRun: Sendable {
  let path: String

  static let data =
    "train translate --dataset reversal --training-pairs 600 --validation-pairs 30 --test-pairs 20 --shortest 1"
    + " --longest 5 --symbols 6 --batch 16 --learning-rate 0.01 --test-beam 2 --quiet"
  static let recurrent = "\(data) --joint --hidden 16 --encoder-hidden 8 --embedding-size 8 --dropout 0 --epochs 3"
  static let transformer = "\(data) --model transformer --width 16 --heads 2 --layers 2 --dropout 0 --epochs 2"
  static let fixed =
    "\(data) --context initial-state --hidden 8 --encoder-hidden 4 --embedding-size 4 --dropout 0 --epochs 1"

  static let shared = trained(recurrent, "recurrent")
  static let sharedTransformer = trained(transformer, "transformer")
  static let sharedFixed = trained(fixed, "fixed")

  private static func trained(_ command: String, _ name: String) -> Result<TranslatingRun, any Error> {
    Result {
      let folder = NSTemporaryDirectory() + "ensue-translating-run-\(getpid())/\(name)"
      try OutputFile.createDirectory(OutputFile.directory(of: folder))
      atexit {
        try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "ensue-translating-run-\(getpid())")
      }
      try Sandbox.with { sandbox in
        let result = try Program.run("\(command) --out run", in: sandbox.path)
        try #require(result.code == 0 && result.error.isEmpty, "\(result)")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.copyItem(atPath: sandbox.place("run"), toPath: folder)
      }
      return TranslatingRun(path: folder)
    }
  }
}

extension Sandbox {
  /// Puts a copy of a run that was trained once into the folder.
  func addTranslatingRun(
    _ run: Result<TranslatingRun, any Error> = TranslatingRun.shared, as name: String = "run"
  ) throws {
    try FileManager.default.copyItem(atPath: run.get().path, toPath: place(name))
  }

  /// A copy of the run as a process leaves it that was killed just before the end.
  func addUnfinishedTranslatingRun(_ name: String = "run") throws {
    try addTranslatingRun(as: name)
    let epochs = try text("\(name)/metrics.jsonl").split(separator: "\n").filter { $0.contains("\"epoch\",") }
    try write(epochs.map { $0 + "\n" }.joined(), "\(name)/metrics.jsonl")
    for leftover in ["translations.tsv", "report.html", "bundle"] { try remove("\(name)/\(leftover)") }
  }

  /// A little parallel text: `a.txt` and `b.txt`, and both as `pairs.tsv`.
  func writeParallelText(lines: Int = 60) throws {
    let rows = Sentences.rows(count: lines).map(\.text)
    try write(rows.map { $0 + "\n" }.joined(), "a.txt")
    try write(rows.map { String($0.uppercased()) + "\n" }.joined(), "b.txt")
    try write("source\ttarget\n" + rows.map { "\($0)\t\($0.uppercased())\n" }.joined(), "pairs.tsv")
  }
}
