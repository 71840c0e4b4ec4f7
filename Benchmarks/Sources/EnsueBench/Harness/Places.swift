// Where things lie: the peers beside these sources, the data beside the repository.

import Ensue
import Foundation

/// Folders that workloads and peers need.
struct Places: Sendable {
  /// `Benchmarks/`.
  let benchmarks: String
  /// `ENSUE_DATA`, else `../shared/data` beside the repository.
  let data: String
  /// `ENSUE_PEER_PYTHON`, else `python3`.
  let python: String

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    // …/Benchmarks/Sources/EnsueBench/Harness/Places.swift
    let thisFile = #filePath
    benchmarks = (0..<4).reduce(thisFile) { path, _ in OutputFile.directory(of: path) }
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    data = value("ENSUE_DATA") ?? OutputFile.directory(of: benchmarks) + "/../shared/data"
    python = value("ENSUE_PEER_PYTHON") ?? "python3"
  }

  /// The folder with MR's two files.
  /// - Throws: `Failure` of kind `missing`.
  func movieReviews() throws -> String {
    let candidates = [data + "/slp-labs/MR", data + "/MR", data]
    guard let found = candidates.first(where: { InputFile.exists($0 + "/rt-polarity.pos") }) else {
      throw Failure(
        .missing, at: data, "the folder slp-labs/MR with rt-polarity.pos and rt-polarity.neg expected, found none",
        advice: "Name the folder of the data in ENSUE_DATA.")
    }
    return found
  }

  /// The word-vector file, where the peer's script writes it.
  static var vectors: String {
    FileManager.default.temporaryDirectory.path + "/ensue-benchmarks/vectors-400000x50.txt"
  }

  /// The folder of the MiniLM encoder, where the peer's script makes a link to it.
  static var encoder: String {
    FileManager.default.temporaryDirectory.path + "/ensue-benchmarks/minilm"
  }

  /// The tokenizer of a workload, where the peer's script writes it.
  static func tokenizer(_ workload: String) -> String {
    FileManager.default.temporaryDirectory.path + "/ensue-benchmarks/\(workload).json"
  }

  /// The folder of the Transformer that CTranslate2 and Ensue both translate with, where the peer's script writes it.
  static var translator: String {
    FileManager.default.temporaryDirectory.path + "/ensue-benchmarks/transformer-6x512"
  }
}
