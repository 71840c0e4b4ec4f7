// Run folders that must be left alone, and what predict, evaluate and compare refuse.

import EnsueFiles
import Foundation
import Testing

extension BadCase {
  private static let again = "\(TrainedRun.command) --out run"

  /// A training in a folder that cannot take it.
  private static func folder(
    _ name: String, line: String = again, _ code: Int32, _ words: String...,
    damage: @escaping @Sendable (Sandbox) throws -> Void
  ) -> BadCase {
    BadCase(name, line: line, code, words, prepare: damage)
  }

  private static func checkpoint(_ sandbox: Sandbox) throws -> String {
    let names = try FileManager.default.contentsOfDirectory(atPath: sandbox.place("run/checkpoints")).sorted()
    return "run/checkpoints/\(try #require(names.last))"
  }

  static let runFolders: [BadCase] = [
    folder("a file in the way", 73, "run", "a folder expected, found a file") { try $0.write("mine", "run") },
    folder("a folder of something else", 73, "run", "'thesis.tex'") { try $0.write("mine", "run/thesis.tex") },
    folder("a file above", line: "\(TrainedRun.command) --out data.tsv/run", 73, "data.tsv") { _ in },
    folder("a run of other settings", line: "\(again) --seed 7", 78, "training.seed", "--out") { try $0.addRun() },
    folder("an unfinished run of other settings", line: "\(again) --dropout 0.5", 78, "model.dropout 0") { sandbox in
      try sandbox.addUnfinishedRun()
    },
    folder("an unfinished run of other data", 65, "data.tsv", "when the run began") { sandbox in
      try sandbox.addUnfinishedRun()
      try sandbox.replace("lovely", with: "lively", in: "data.tsv")
    },
    folder("a checkpoint cut short", 65, "run/checkpoints", "Remove this checkpoint") { sandbox in
      try sandbox.addUnfinishedRun()
      let file = try checkpoint(sandbox)
      try sandbox.write(Array(try sandbox.bytes(file).dropLast(64)), file)
    },
    folder("a checkpoint with a flipped bit", 65, "run/checkpoints", "Remove this checkpoint") { sandbox in
      try sandbox.addUnfinishedRun()
      let file = try checkpoint(sandbox)
      var bytes = try sandbox.bytes(file)
      bytes[bytes.count - 9] ^= 1
      try sandbox.write(bytes, file)
    },
    folder("a checkpoint that is empty", 65, "run/checkpoints", "Remove this checkpoint") { sandbox in
      try sandbox.addUnfinishedRun()
      try sandbox.write([], checkpoint(sandbox))
    },
    folder("a checkpoint of another model", 65, "run/checkpoints") { sandbox in
      try sandbox.addUnfinishedRun()
      try sandbox.write(
        InputFile.contents(of: TrainedRun.shared.get().path + "/bundle/model.safetensors"), checkpoint(sandbox))
    },
    folder("a log that is no JSON", 65, "run/metrics.jsonl:1") { sandbox in
      try sandbox.addUnfinishedRun()
      try sandbox.write("hello\n" + sandbox.text("run/metrics.jsonl"), "run/metrics.jsonl")
    },
    folder("a log shorter than its checkpoint knows", 65, "run/metrics.jsonl") { sandbox in
      try sandbox.addUnfinishedRun()
      try sandbox.write("", "run/metrics.jsonl")
    },
    folder("a log with a number out of order", 65, "run/metrics.jsonl:2", "an epoch after 1") { sandbox in
      try sandbox.addUnfinishedRun()
      try sandbox.replace("\"epoch\":2", with: "\"epoch\":1", in: "run/metrics.jsonl")
    },
    folder("stored settings that are no JSON", 65, "run/configuration.json") { sandbox in
      try sandbox.addRun()
      try sandbox.write("{", "run/configuration.json")
    },
    folder("stored settings with an unknown key", 78, "run/configuration.json", "model.hiddenSize") { sandbox in
      try sandbox.addRun()
      try sandbox.replace("\"hiddenSize\"", with: "\"hiddenSise\"", in: "run/configuration.json")
    },
  ]

  static let use: [BadCase] = [
    BadCase(
      "predict bytes that are no UTF-8", "predict run", 65, "standard input:2", "UTF-8",
      input: Array("good\n".utf8) + [0x63, 0xE9, 0x0A], prepare: { try $0.addRun() }),
    BadCase(
      "predict a line of 2 MB", "predict run", 65, "standard input:1", "1048576 bytes",
      input: [UInt8](repeating: 0x61, count: 2 << 20), prepare: { try $0.addRun() }),
    BadCase("evaluate on a missing file", "evaluate run --data gone.tsv", 66, "gone.tsv", prepare: { try $0.addRun() }),
    BadCase("evaluate on other labels", "evaluate run --data b.tsv", 65, "b.tsv", "'meh'") { sandbox in
      try sandbox.addRun()
      try sandbox.write("text\tlabel\na b\tmeh\nc d\tpos\n", "b.tsv")
    },
    BadCase("evaluate a bundle without data", "evaluate run/bundle", 64, "--data", prepare: { try $0.addRun() }),
    BadCase("evaluate an unknown part", "evaluate run --part dev", 64, "training, validation, test"),
    BadCase("predict with a run that has not ended", "predict run good", 66, "run", "run the training command again") {
      try $0.addUnfinishedRun()
    },
    BadCase("evaluate a run that has not ended", "evaluate run", 66, "run", "run the training command again") {
      try $0.addUnfinishedRun()
    },
    BadCase("evaluate without test data", "evaluate run --part test", 64, "another --part") { sandbox in
      try sandbox.addRun()
      try sandbox.replace(
        "\"testPaths\": [\n      \"data.tsv\"\n    ]", with: "\"testPaths\": []", in: "run/configuration.json")
    },
    BadCase("compare a missing run", "compare run gone", 66, "gone", prepare: { try $0.addRun() }),
    BadCase("compare a folder that is no run", "compare run/bundle", 65, "run/bundle", prepare: { try $0.addRun() }),
    BadCase("compare a run without results", "compare run", 65, "run/metrics.jsonl", "Train the run further") {
      sandbox in
      try sandbox.addRun()
      try sandbox.write("", "run/metrics.jsonl")
    },
    BadCase("compare a run without a log", "compare run", 66, "run/metrics.jsonl") { sandbox in
      try sandbox.addRun()
      try sandbox.remove("run/metrics.jsonl")
    },
    BadCase("a page where a folder is", "compare run --report run", 73, "run", prepare: { try $0.addRun() }),
    BadCase(
      "a page in no folder", "compare run --report gone/page.html", 73, "gone/page.html", prepare: { try $0.addRun() }),
  ]
}
