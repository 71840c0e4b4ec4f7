// Labelled sentences for a trained classifier: from a run's own data, or from files.

import EnsueData
import EnsueFiles

/// Where the sentences of an evaluation come from.
public enum LabelledInput {
  /// The part of a data set to evaluate on.
  public enum Part: String, Codable, CaseIterable, Sendable {
    case training, validation, test
  }

  /// The sentences.
  /// - Parameter labels: the only ones allowed, in their order; nil for those of the data.
  /// - Throws: `Failure` when there are none, or a label is unknown.
  public static func load(_ data: DataConfiguration, part: Part, labels: [String]?) throws -> LabelledDataset {
    if data.dataset == .file, data.validationPaths.isEmpty, data.testPaths.isEmpty, part == .test {
      // A single file is evaluated whole.
      guard !data.paths.isEmpty else {
        throw Failure(.usage, "labelled sentences expected, found none", advice: "Name a file with --data.")
      }
      return try LabelledDataset.read(
        data.paths, name: "\(data.dataset.rawValue) test", options: data.reading(), knownLabels: labels)
    }
    return try select(part, of: data.request().load(), "the data set \(data.dataset.rawValue)", labels)
  }

  private static func select(
    _ part: Part, of splits: DataSplits, _ source: String, _ labels: [String]?
  ) throws -> LabelledDataset {
    let chosen: LabelledDataset? =
      switch part {
      case .training: splits.training
      case .validation: splits.validation
      case .test: splits.test
      }
    guard let chosen, !chosen.isEmpty else {
      throw Failure(
        .usage, "\(part.rawValue) data expected, found none in \(source)",
        advice: "Name a file with --data, or choose another --part.")
    }
    return try labels.map { try chosen.reindexed(to: $0) } ?? chosen
  }

  /// The sentences of the run that a bundle came from, as above.
  public static func load(_ folder: RunFolder, part: Part, labels: [String]?) throws -> LabelledDataset {
    guard folder.holdsRun else {
      throw Failure(
        .usage, at: folder.path, "labelled sentences expected, found none", advice: "Name a file with --data.")
    }
    let file = RunConfigurationFile<ClassificationConfiguration>(path: folder.configuration)
    let configuration = try file.configuration()
    let splits: DataSplits
    do {
      splits = try configuration.data.request().load()
    } catch let failure as Failure where failure.kind == .missing && failure.advice.isEmpty {
      throw Failure(
        .missing, at: failure.place, failure.problem,
        advice: "The run names its data as it was where training was started; name other data with --data.")
    }
    try file.requireSameData(splits.runParts)
    return try select(part, of: splits, "the run \(folder.name)", labels)
  }
}
