// What a run folder says of itself, whatever was trained in it.

import EnsueEvaluation
import EnsueFiles

/// Configuration and log of a run.
struct RunOutcome<Configuration: RunConfiguration, Summary: TaskSummary> {
  let configuration: Configuration
  /// The validation whose weights were kept.
  let best: TaskEpoch<Summary>
  /// All validations.
  let epochs: [TaskEpoch<Summary>]
  /// The mean of several validations' weights on the validation data, where they were averaged.
  let averaged: Summary?
  /// The chosen weights on the test data, where there is some.
  let test: Summary?
  /// How training ended; nil while it goes on.
  let done: DoneEvent?

  /// Reads a run folder.
  /// - Throws: `Failure` when the folder holds no run of this task, or one without any result yet.
  init(_ folder: RunFolder) throws {
    guard InputFile.exists(folder.configuration) else {
      throw Failure(
        .missing, at: folder.path,
        "a run folder expected, found \(InputFile.exists(folder.path) ? "no configuration.json in it" : "nothing")")
    }
    configuration = try RunConfigurationFile<Configuration>(path: folder.configuration).configuration()
    let history = try TaskHistory<Summary>.contents(of: folder.metrics)
    guard let best = history.bestEpoch else {
      throw Failure(
        .data, at: folder.metrics, "a validation result expected, found none in 0 epochs",
        advice: "Train the run further.")
    }
    (self.best, epochs) = (best, history.epochs)
    averaged = history.averaged
    (test, done) = (history.test, history.isFinished ? history.done : nil)
  }

  /// Whether the folder holds a run of this configuration that has ended.
  /// - Parameter parts: the run's data as it is now, asked for only then.
  /// - Throws: `Failure` where the folder holds another run, or the data has changed.
  static func isFinished(
    _ folder: RunFolder, with configuration: Configuration, parts: () throws -> [RunDataPart]
  ) throws -> Bool {
    guard InputFile.exists(folder.configuration), InputFile.exists(folder.metrics) else { return false }
    let file = RunConfigurationFile<Configuration>(path: folder.configuration)
    try file.requireSame(configuration)
    // Without its bundle a run is finished again from its last checkpoint.
    guard try TaskHistory<Summary>.contents(of: folder.metrics).isFinished,
      InputFile.exists("\(folder.bundle)/configuration.json")
    else { return false }
    try file.requireSameData(parts())
    return true
  }
}
