// The chorales where there are any, else generated ones.

import EnsueData
import EnsueFiles

/// Where an experiment's chorales come from.
public enum ChoralesSource: Sendable, Equatable {
  case file(String)
  case generated

  private static let fileName = "jsb-chorales-quarter.json"

  /// - Parameters:
  ///   - path: the JSON file of the chorales, or a folder that holds it; nil to look in `dataFolder`.
  ///   - dataFolder: a folder of data sets; nil where none is known.
  /// - Throws: `Failure` of kind `missing` where `path` is a folder without chorales.
  public init(path: String?, dataFolder: String?) throws {
    if let path {
      guard InputFile.isDirectory(path) else {
        self = .file(path)
        return
      }
      guard let file = ChoralesSource.file(in: path) else {
        throw Failure(
          .missing, at: path, "the file \(ChoralesSource.fileName) expected in this folder, found none",
          advice: "Name the file itself, or leave the option out to use generated chorales.")
      }
      self = .file(file)
    } else {
      self = dataFolder.flatMap { ChoralesSource.file(in: $0) }.map { .file($0) } ?? .generated
    }
  }

  private static func file(in folder: String) -> String? {
    ["", "jsb-chorales/"].map { "\(folder)/\($0)\(fileName)" }.first {
      InputFile.exists($0) && !InputFile.isDirectory($0)
    }
  }

  func task() throws -> any SequenceTask {
    switch self {
    case .file(let path): ChoralesTask(try ChoralesReader.read(path))
    case .generated: try GeneratedChorales()
    }
  }

  /// Said in reports.
  var note: String {
    switch self {
    case .file(let path): "the JSB chorales of \(path)"
    case .generated: "generated chorales, as no JSB chorales were given"
    }
  }
}
