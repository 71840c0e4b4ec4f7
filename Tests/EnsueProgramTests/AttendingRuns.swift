// Runs of classifiers with attention, each trained once for all tests.

import EnsueFiles
import Foundation
import Testing

/// A run folder of a classifier with attention, and the command that made it.
struct AttendingRun: Sendable {
  let path: String

  static let sizes = "--embedding-size 12 --hidden 6 --learning-rate 0.02 --epochs 8 --batch 16 --quiet"

  static let transformer = trained(
    "transformer", "--data data.tsv --model transformer --positions sinusoidal --layers 2 --heads 3")
  static let pooled = trained(
    "pooled",
    "--data data.tsv --model bigru --pooling attention --attention-score general --attention-distribution sparsemax")
  static let documents = trained(
    "documents", "--data documents.tsv --test documents.tsv --model hierarchical --dropout 0.1")

  /// Where the runs are until the process ends.
  private static let parent = NSTemporaryDirectory() + "ensue-attending-runs-\(getpid())"

  private static func trained(_ name: String, _ options: String) -> Result<AttendingRun, any Error> {
    Result {
      let folder = "\(parent)/\(name)"
      try OutputFile.createDirectory(parent)
      atexit { try? FileManager.default.removeItem(atPath: AttendingRun.parent) }
      try Sandbox.with { sandbox in
        try sandbox.write(Sentences.table(Sentences.documents(count: 200)), "documents.tsv")
        let result = try Program.run("train classify \(options) \(sizes) --out run", in: sandbox.path)
        try #require(result.code == 0, "\(result)")
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.copyItem(atPath: sandbox.place("run"), toPath: folder)
      }
      return AttendingRun(path: folder)
    }
  }
}

extension Sandbox {
  /// Puts a copy of a run that was trained once into the folder.
  func add(_ run: Result<AttendingRun, any Error>, as name: String = "run") throws {
    try FileManager.default.copyItem(atPath: run.get().path, toPath: place(name))
  }
}

extension Sentences {
  /// Documents of three sentences, of which one tells the label.
  static func documents(count: Int) -> [(text: String, label: String)] {
    let empty = ["We went on monday.", "It is table 7!", "They open at 10:30.", "Who said it?"]
    return rows(count: count).enumerated().map { index, row in
      var sentences = [empty[index % 4], empty[(index / 4 + 1) % 4]]
      sentences.insert(row.text + ".", at: index / 2 % 3)
      return (sentences.joined(separator: " "), row.label)
    }
  }
}
