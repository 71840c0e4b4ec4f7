// A folder of its own for every test: sentences whose words tell their label, and copies of a run trained once.

import EnsueFiles
import EnsueTestSupport
import Foundation
import Testing

/// A folder that a test may do anything in.
struct Sandbox: Sendable {
  let path: String

  /// Runs `body` in a new folder with `data.tsv`; the folder is removed afterwards.
  static func with<Result>(_ body: (Sandbox) throws -> Result) throws -> Result {
    try TestFiles.withDirectory { path in
      let sandbox = Sandbox(path: path)
      try sandbox.write(Sentences.table(Sentences.rows(count: 200)), "data.tsv")
      return try body(sandbox)
    }
  }

  func place(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ text: String, _ name: String) throws { try write(Array(text.utf8), name) }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try OutputFile.createDirectory(OutputFile.directory(of: place(name)))
    try Data(bytes).write(to: URL(fileURLWithPath: place(name)))
  }

  func bytes(_ name: String) throws -> [UInt8] { try InputFile.contents(of: place(name)) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { InputFile.exists(place(name)) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: place(name)) }

  func replace(_ old: String, with new: String, in name: String) throws {
    let text = try text(name)
    try #require(text.contains(old), "\(name) does not contain \(old)")
    try write(text.replacingOccurrences(of: old, with: new), name)
  }

  /// Puts a copy of the run that was trained once into the folder.
  func addRun(_ name: String = "run") throws {
    let source = try TrainedRun.shared.get()
    try FileManager.default.copyItem(atPath: source.path, toPath: place(name))
  }

  /// A copy of the run as a process leaves it that was killed just before the end.
  func addUnfinishedRun(_ name: String = "run") throws {
    try addRun(name)
    let epochs = try text("\(name)/metrics.jsonl").split(separator: "\n").filter { $0.contains("\"epoch\",") }
    try write(epochs.map { $0 + "\n" }.joined(), "\(name)/metrics.jsonl")
    for leftover in ["predictions.tsv", "report.html", "bundle"] { try remove("\(name)/\(leftover)") }
  }

  /// Every file and folder below, with the digest of its content.
  func snapshot() throws -> [String: String] {
    var result: [String: String] = [:]
    func add(_ folder: String, _ prefix: String) throws {
      for name in try InputFile.names(in: folder) {
        let (path, shown) = ("\(folder)/\(name)", prefix + name)
        let isDirectory = InputFile.isDirectory(path)
        result[shown] = isDirectory ? "folder" : (try? InputFile.digest(of: path).description) ?? "no regular file"
        if isDirectory { try add(path, shown + "/") }
      }
    }
    try add(path, "")
    return result
  }
}

/// A run folder trained once for all tests, and the command that made it.
struct TrainedRun: Sendable {
  let path: String

  static let command =
    "train classify --data data.tsv --test data.tsv --model lstm --hidden 4 --embedding-size 4 --epochs 2 --quiet"

  static let shared = Result<TrainedRun, any Error> {
    let folder = NSTemporaryDirectory() + "ensue-trained-run-\(getpid())"
    try OutputFile.createDirectory(folder)
    atexit {
      try? FileManager.default.removeItem(atPath: NSTemporaryDirectory() + "ensue-trained-run-\(getpid())")
    }
    try Sandbox.with { sandbox in
      let result = try Program.run("\(command) --out run", in: sandbox.path)
      try #require(result.code == 0, "\(result)")
      try FileManager.default.removeItem(atPath: folder)
      try FileManager.default.copyItem(atPath: sandbox.place("run"), toPath: folder)
    }
    return TrainedRun(path: folder)
  }
}

/// Generated sentences.
enum Sentences {
  private static let subjects = ["the food", "the film", "the plot", "the soup", "the cast", "our room", "their music"]
  private static let degrees = ["very", "so", "quite", "really", "rather"]
  private static let words = [
    ["bad", "poor", "dull", "awful", "bland", "cold"], ["good", "great", "fine", "lovely", "brilliant", "warm"],
  ]

  /// Sentences with labels `neg` and `pos`, always the same.
  static func rows(count: Int) -> [(text: String, label: String)] {
    (0..<count).map { index in
      let label = (index * 7 + index / 3) % 2
      let text =
        "\(subjects[index % 7]) was \(degrees[index * 3 % 5]) \(words[label][index / 6 % 6]) ,"
        + " said guest \(index % 23) of table \(index % 31)"
      return (text, ["neg", "pos"][label])
    }
  }

  static func table(_ rows: [(text: String, label: String)]) -> String {
    "text\tlabel\n" + rows.map { "\($0.text)\t\($0.label)\n" }.joined()
  }

  /// The same rows in another form.
  static func commaSeparated(_ rows: [(text: String, label: String)]) -> String {
    "label,text\r\n" + rows.map { "\($0.label),\"\($0.text)\"\r\n" }.joined()
  }

  static func jsonLines(_ rows: [(text: String, label: String)]) -> String {
    rows.map { "{\"text\": \"\($0.text)\", \"label\": \"\($0.label)\"}\n" }.joined()
  }

  /// Word vectors in GloVe's form for some of the words.
  static func vectors(width: Int, value: String = "0.25") -> String {
    (words[0] + words[1] + ["the", "was"]).enumerated().map { index, word in
      ([word] + (0..<width).map { $0 == index % width ? value : "-0.1" }).joined(separator: " ") + "\n"
    }.joined()
  }
}
