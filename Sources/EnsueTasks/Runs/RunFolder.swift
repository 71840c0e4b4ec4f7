// The folder of a training run: complete and self-describing.
//
//   configuration.json            resolved settings, data digests, version
//   bundle/                       what ships
//   checkpoints/                  what resumes
//   metrics.jsonl                 what happened, one event a line
//   events.out.tfevents.*         the same for TensorBoard
//   predictions.tsv               the test sentences: truth, prediction, probabilities
//   translations.tsv              the same of a translation model: source, reference, translation
//   data.json                     of a translation model: what was read, dropped and not known of its pairs
//   samples/                      what a model wrote at every validation
//   report.html                   the same for people

import EnsueFiles

/// The places in a run folder.
public struct RunFolder: Sendable, Equatable {
  public let path: String

  public init(_ path: String) { self.path = path }

  public var configuration: String { "\(path)/configuration.json" }
  public var bundle: String { "\(path)/bundle" }
  public var checkpoints: String { "\(path)/checkpoints" }
  public var metrics: String { "\(path)/metrics.jsonl" }
  public var predictions: String { "\(path)/predictions.tsv" }
  public var translations: String { "\(path)/translations.tsv" }
  public var data: String { "\(path)/data.json" }
  public var report: String { "\(path)/report.html" }

  /// The run's name: the last part of the path, of a run's bundle the one before.
  public var name: String {
    path.split(separator: "/").last { $0 != "bundle" && $0 != "." }.map(String.init) ?? path
  }

  /// Makes sure that the folder is a run's, or can become one: nothing else is ever written into.
  func check() throws {
    if InputFile.exists(path) && !InputFile.isDirectory(path) {
      throw Failure(.cannotCreate, at: path, "a folder expected, found a file", advice: "Choose another --out.")
    }
    if InputFile.isDirectory(path), !InputFile.exists(configuration) {
      let names = try InputFile.names(in: path).filter { $0 != ".lock" && !$0.contains(".writing-") }
      guard names.isEmpty else {
        throw Failure(
          .cannotCreate, at: path, "a run folder or an empty one expected, found \(Failure.shown(names[0])) in it",
          advice: "Choose another --out.")
      }
    }
  }
}
