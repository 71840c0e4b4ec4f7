// A run folder whose training has ended.

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels

/// Reads what a run folder says of itself.
public enum FinishedRun {
  /// The record of a run, for comparisons.
  /// - Throws: `Failure` when the folder holds no run, or one without any result yet.
  public static func record(_ folder: RunFolder) throws -> RunRecord {
    guard InputFile.exists(folder.configuration) else {
      throw Failure(
        .missing, at: folder.path,
        "a run folder expected, found \(InputFile.exists(folder.path) ? "no configuration.json in it" : "nothing")")
    }
    let configuration = try RunConfigurationFile<ClassificationConfiguration>(path: folder.configuration)
      .configuration()
    let history = try RunHistory.contents(of: folder.metrics)
    return try RunRecord(
      history: history, place: folder.metrics, name: folder.name, model: title(configuration),
      dataset: dataset(configuration), seed: UInt64(configuration.training.seed),
      configuration: seedless(configuration))
  }

  /// The record of a run of this configuration that has already ended; nil when there is none, or it has not.
  public static func record(
    _ folder: RunFolder, ifFinishedWith configuration: ClassificationConfiguration
  ) throws -> RunRecord? {
    guard InputFile.exists(folder.configuration), InputFile.exists(folder.metrics) else { return nil }
    try RunConfigurationFile<ClassificationConfiguration>(path: folder.configuration).requireSame(configuration)
    // Without its bundle a run is finished again from its last checkpoint.
    guard try RunHistory.contents(of: folder.metrics).isFinished,
      ClassifierFolder.isComplete(folder.bundle)
    else { return nil }
    try RunConfigurationFile<ClassificationConfiguration>(path: folder.configuration).requireSameData(
      configuration.data.request().load().runParts)
    return try record(folder)
  }

  /// The model as tables name it.
  private static func title(_ configuration: ClassificationConfiguration) -> String {
    if configuration.pretrained.isGiven {
      let rank = configuration.pretrained.loraRank.map { " + LoRA \($0)" } ?? ""
      return RunFolder(configuration.pretrained.path).name + rank
    }
    return configuration.model.title
  }

  private static func dataset(_ configuration: ClassificationConfiguration) -> String {
    configuration.data.dataset == .file
      ? configuration.data.paths.map { RunFolder($0).name }.joined(separator: ", ")
      : configuration.data.dataset.rawValue
  }

  /// The settings but for the seed: runs that differ in it alone are of one group.
  private static func seedless(_ configuration: ClassificationConfiguration) -> String {
    var copy = configuration
    copy.training.seed = 0
    return Digest(of: Array(ClassificationConfiguration.settings.json(of: copy).description.utf8)).description
  }
}
