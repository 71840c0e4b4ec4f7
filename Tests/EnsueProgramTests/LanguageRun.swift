// Texts for language models, and a model trained once for all tests.

import EnsueFiles
import Foundation
import Testing

/// A run folder of a language model, and the command that made it.
struct LanguageRun: Sendable {
  let path: String

  static let command =
    "train language --data text.txt --test text.txt --hidden 8 --embedding-size 4 --layers 1 --batch 8 --steps 10"
    + " --epochs 2 --learning-rate 0.01 --quiet"

  static let shared = Result<LanguageRun, any Error> {
    let folder = NSTemporaryDirectory() + "ensue-language-run-\(getpid())"
    atexit { try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "ensue-language-run-\(getpid())") }
    try Sandbox.withText { sandbox in
      let result = try Program.run("\(command) --out run", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      try? FileManager.default.removeItem(atPath: folder)
      try FileManager.default.copyItem(atPath: sandbox.place("run"), toPath: folder)
    }
    return LanguageRun(path: folder)
  }
}

extension Sandbox {
  /// A folder with `text.txt` of so many lines.
  static func withText<Result>(lines: Int = 60, _ body: (Sandbox) throws -> Result) throws -> Result {
    try Sandbox.with { sandbox in
      try sandbox.write(Sentences.rows(count: lines).map { $0.text + ".\n" }.joined(), "text.txt")
      return try body(sandbox)
    }
  }

  /// Puts the text and a copy of the run that was trained once into the folder.
  func addLanguageRun(_ name: String = "run") throws {
    try write(Sentences.rows(count: 60).map { $0.text + ".\n" }.joined(), "text.txt")
    try FileManager.default.copyItem(atPath: LanguageRun.shared.get().path, toPath: place(name))
  }

  /// A copy of the run as a process leaves it that was killed just before the end.
  func addUnfinishedLanguageRun(_ name: String = "run") throws {
    try addLanguageRun(name)
    let epochs = try text("\(name)/metrics.jsonl").split(separator: "\n").filter { $0.contains("\"epoch\",") }
    try write(epochs.map { $0 + "\n" }.joined(), "\(name)/metrics.jsonl")
    try remove("\(name)/bundle")
  }
}
