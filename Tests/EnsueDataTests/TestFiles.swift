// Files for the tests of this folder: written ones, goldens and real data.

import EnsueData
import EnsueFiles
import Foundation

enum TestFiles {
  /// Writes files into a new directory and gives its path to `body`; the directory is removed afterwards.
  static func with<Result>(_ files: [String: [UInt8]], _ body: (String) throws -> Result) throws -> Result {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("ensue-data-\(UUID().uuidString)")
      .path
    try OutputFile.createDirectory(directory)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for name in files.keys.sorted() {
      try OutputFile.createDirectory(OutputFile.directory(of: "\(directory)/\(name)"))
      try Data(files[name] ?? []).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }
    return try body(directory)
  }

  /// Reads one file written for the occasion; paths in the failure are relative to it.
  static func read(
    _ text: [UInt8], as name: String, _ options: ReadingOptions = ReadingOptions(), known: [String]? = nil
  ) throws -> LabelledDataset {
    try with([name: text]) { directory in
      do {
        return try LabelledDataset.read(["\(directory)/\(name)"], name: "data", options: options, knownLabels: known)
      } catch let failure as Failure {
        throw relative(failure, to: directory)
      }
    }
  }

  /// What `body` throws; nil when it throws nothing.
  static func failure(_ body: () throws -> Any) throws -> Failure? {
    do {
      _ = try body()
      return nil
    } catch let failure as Failure {
      return failure
    }
  }

  static func relative(_ failure: Failure, to directory: String) -> Failure {
    let strip = { (text: String) in text.replacingOccurrences(of: directory + "/", with: "") }
    return Failure(failure.kind, at: strip(failure.place), strip(failure.problem), advice: strip(failure.advice))
  }

  /// A golden file beside the script that made it.
  static func golden(_ name: String) -> String { "\(root)/Tests/Goldens/\(name)" }

  /// A file of the real data, from ENSUE_DATA or `../shared/data`.
  static func data(_ path: String) -> String {
    "\(ProcessInfo.processInfo.environment["ENSUE_DATA"] ?? "\(root)/../shared/data")/\(path)"
  }

  static func hasData(_ path: String) -> Bool { InputFile.exists(data(path)) }

  private static var root: String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
  }
}
