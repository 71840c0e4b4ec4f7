// Where tests find goldens and real data, and put what they write.

import EnsueFiles
import Foundation

/// Paths for tests.
package enum TestFiles {
  /// The root of the package.
  package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  package static func golden(_ name: String) -> String { "\(root)/Tests/Goldens/\(name)" }

  /// The folder of real data: `ENSUE_DATA`, else `../shared/data` beside the package; nil where there is none.
  package static let data: String? = {
    let path = ProcessInfo.processInfo.environment["ENSUE_DATA"] ?? "\(root)/../shared/data"
    return InputFile.isDirectory(path) ? path : nil
  }()

  /// Why tests on real data do not run.
  package static let dataIsAbsent: String = "no real data: set ENSUE_DATA to its folder"

  /// Runs `body` with the path of a new, empty directory, and removes it afterwards.
  package static func withDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "ensue-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }
}
