// The classifier at a path, of whichever kind.

import EnsueFiles
import EnsueTensor

/// Finds classifiers.
public enum ClassifierFolder {
  /// The classifier in a run folder, in a bundle, or in a folder as the Hub has it.
  /// - Parameter precision: of a model that is only run; nil for one to train or to write. Fewer bits than 32 are of
  ///   pre-trained classifiers alone.
  /// - Throws: `Failure` of kind `missing` or `data`, naming the file, or `configuration` for the precision.
  public static func bundle(
    at path: String, precision: WeightPrecisionKind? = nil
  ) throws -> any TextClassifierBundle {
    if let folder = pretrained(at: path) {
      let bundle = try PretrainedClassifierBundle(folder: folder, precision: precision)
      guard isBuilt(bundle.problem, labelCount: bundle.labels.count) else {
        throw Failure(
          .data, at: folder,
          "a classifier of one class of several, or of one number, expected, found \(bundle.problem.rawValue) with"
            + " \(bundle.labels.count) labels")
      }
      return bundle
    }
    let bundle = try ClassifierBundle(contentsOf: path)
    try WeightPrecisionKind.require(full: precision, of: bundle.title, at: path)
    return bundle
  }

  private static func isBuilt(_ problem: PretrainedProblemKind, labelCount: Int) -> Bool {
    switch problem {
    case .singleLabel: labelCount > 1
    case .regression: labelCount == 1
    case .multiLabel: false
    }
  }

  /// The folder of a classifier with the Hub's files, here or in the run here; nil where there is none.
  public static func pretrained(at path: String) -> String? {
    ["\(path)/bundle", path].first { PretrainedFolder.isOne($0) }
  }

  /// The folder of an encoder with the Hub's files, here or in the run here.
  /// - Throws: `Failure` of kind `data` for a bundle that Ensue made, saying what it is for.
  public static func encoder(at path: String) throws(Failure) -> String {
    if let folder = pretrained(at: path) { return folder }
    guard let task = BundleTaskKind(at: path) else { return path }
    throw Failure(
      .data, at: path, "a pre-trained encoder expected, found \(task.title)", advice: task.advice)
  }

  /// Whether a bundle has been written whole: of either kind the configuration is the last.
  public static func isComplete(_ bundle: String) -> Bool {
    ["configuration.json", "config.json"].contains { InputFile.exists("\(bundle)/\($0)") }
  }
}
