// What the folder of a run over piano rolls says of itself.

import EnsueEvaluation
import EnsueFiles
import EnsueModels

/// The outcome of a run.
public struct RollRunRecord: Sendable, Equatable {
  /// The run's name: its folder's.
  public let name: String
  /// The model as tables name it.
  public let model: String
  /// The epoch whose weights were kept; losses in nats a step, accuracies of frames.
  public let best: LanguageModelEpoch
  /// The best weights on the test pieces; nil while training goes on.
  public let test: LanguageModelSummary?
  /// How training ended; nil while it goes on.
  public let done: DoneEvent?

  /// Reads a run folder.
  /// - Throws: `Failure` when the folder holds no run over piano rolls, or one without any result yet.
  public init(_ folder: RunFolder) throws {
    guard InputFile.exists(folder.configuration) else {
      throw Failure(
        .missing, at: folder.path,
        "a run folder expected, found \(InputFile.exists(folder.path) ? "no configuration.json in it" : "nothing")")
    }
    let configuration = try RunConfigurationFile<RollConfiguration>(path: folder.configuration).configuration()
    let history = try LanguageModelHistory.contents(of: folder.metrics)
    guard let best = history.bestEpoch else {
      throw Failure(
        .data, at: folder.metrics, "a validation result expected, found none in 0 epochs",
        advice: "Train the run further.")
    }
    (name, model, self.best) = (folder.name, configuration.model.title, best)
    (test, done) = (history.test, history.isFinished ? history.done : nil)
  }

  /// The record of a run of this configuration that has already ended; nil when there is none, or it has not.
  public init?(_ folder: RunFolder, ifFinishedWith configuration: RollConfiguration) throws {
    guard InputFile.exists(folder.configuration), InputFile.exists(folder.metrics) else { return nil }
    let file = RunConfigurationFile<RollConfiguration>(path: folder.configuration)
    try file.requireSame(configuration)
    // Without its bundle a run is finished again from its last checkpoint.
    guard try LanguageModelHistory.contents(of: folder.metrics).isFinished,
      InputFile.exists("\(folder.bundle)/configuration.json")
    else { return nil }
    try file.requireSameData(RollData(configuration).parts)
    try self.init(folder)
  }
}
