// data.json of a translation run: what was read, what was dropped and why, and how many symbols the vocabularies do not
// know, whether or not anybody looked while the run trained.

import EnsueData
import EnsueFiles

/// The account of a run's pairs.
package enum TranslationDataFile {
  /// Pairs of a part that are shown.
  private static let exampleLimit = 3

  /// The account of one part.
  /// - Parameter name: such as `training`.
  static func json(_ name: String, _ dataset: ParallelDataset, _ part: TranslationPart) -> JSONValue {
    let examples = dataset.pairs.prefix(exampleLimit).map { pair -> JSONValue in
      .object(["source": .string(pair.source), "target": .string(pair.target)])
    }
    return .object([
      "part": .string(name), "name": .string(dataset.name), "reading": dataset.report.json,
      "symbols": part.encoded.json, "examples": .array(examples),
    ])
  }

  /// The file's content.
  /// - Parameter notes: all that a user was told of the data, a line each.
  static func json(parts: [JSONValue], notes: [String]) -> JSONValue {
    .object(["parts": .array(parts), "notes": .array(notes.map { .string($0) })])
  }

  /// The sources of the first validation pairs; empty where the file is missing, damaged or holds something else.
  package static func validationSources(of folder: RunFolder) -> [String] {
    let parts = (try? JSONValue.contents(of: folder.data))?.objectValue?["parts"]?.arrayValue ?? []
    let part = parts.first { $0.objectValue?["part"]?.stringValue == "validation" }
    let examples = part?.objectValue?["examples"]?.arrayValue ?? []
    return examples.compactMap { $0.objectValue?["source"]?.stringValue }
  }
}
