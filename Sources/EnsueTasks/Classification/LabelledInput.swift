// Labelled sentences for a trained classifier: from a run's own data, or from files.

import EnsueBundle
import EnsueData
import EnsueFiles

/// Where the sentences of an evaluation come from.
public enum LabelledInput {
  /// The part of a data set to evaluate on.
  public enum Part: String, Codable, CaseIterable, Sendable {
    case training, validation, test
  }

  /// The sentences, with labels in the bundle's order.
  /// - Throws: `Failure` when there are none, or a label is unknown to the bundle.
  public static func load(_ data: DataConfiguration, part: Part, for bundle: ClassifierBundle) throws -> LabelledDataset
  {
    if data.dataset == .file, data.validationPaths.isEmpty, data.testPaths.isEmpty, part == .test {
      // A single file is evaluated whole.
      guard !data.paths.isEmpty else {
        throw Failure(.usage, "labelled sentences expected, found none", advice: "Name a file with --data.")
      }
      return try LabelledDataset.read(
        data.paths, name: "\(data.dataset.rawValue) test", options: data.reading(), knownLabels: bundle.labels)
    }
    return try select(part, of: data.request().load(), "the data set \(data.dataset.rawValue)", for: bundle)
  }

  private static func select(
    _ part: Part, of splits: DataSplits, _ source: String, for bundle: ClassifierBundle
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
    return try chosen.reindexed(to: bundle.labels)
  }

  /// The sentences of the run that a bundle came from.
  public static func load(_ folder: RunFolder, part: Part, for bundle: ClassifierBundle) throws -> LabelledDataset {
    guard folder.holdsRun else {
      throw Failure(.usage, "labelled sentences expected, found none", advice: "Name a file with --data.")
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
    return try select(part, of: splits, "this run", for: bundle)
  }
}

extension ClassificationEvaluation {
  /// A bundle over labelled sentences.
  public init(of bundle: ClassifierBundle, on dataset: LabelledDataset) {
    let sentences = dataset.examples.map { EncodedSentence(ids: bundle.encoder.encode($0.text).ids, label: $0.label) }
    self.init(of: AnyTextClassifier(bundle.model), on: sentences, labels: bundle.labels)
  }
}
