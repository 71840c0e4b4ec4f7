// What a language model's run folder says of itself.

import EnsueEvaluation
import EnsueFiles
import EnsueModels
import EnsueText

/// The outcome of a run.
public struct LanguageRunRecord: Sendable, Equatable {
  /// The run's name: its folder's.
  public let name: String
  /// The model as tables name it.
  public let model: String
  /// What its tokens are.
  public let level: TokenLevelKind
  /// The validation whose weights were kept.
  public let best: LanguageModelEpoch
  /// The best weights on the test text, where there is one.
  public let test: LanguageModelSummary?
  /// How training ended; nil while it goes on.
  public let done: DoneEvent?

  /// Reads a run folder.
  /// - Throws: `Failure` when the folder holds no run of a language model, or one without any result yet.
  public init(_ folder: RunFolder) throws {
    guard InputFile.exists(folder.configuration) else {
      throw Failure(
        .missing, at: folder.path,
        "a run folder expected, found \(InputFile.exists(folder.path) ? "no configuration.json in it" : "nothing")")
    }
    let file = RunConfigurationFile<LanguageConfiguration>(path: folder.configuration)
    let configuration = try file.configuration()
    let history = try LanguageModelHistory.contents(of: folder.metrics)
    guard let best = history.bestEpoch else {
      throw Failure(
        .data, at: folder.metrics, "a validation result expected, found none in 0 epochs",
        advice: "Train the run further.")
    }
    // The level of a corpus is known to the bundle alone.
    let header = try? JSONValue.contents(of: "\(folder.bundle)/configuration.json").objectValue
    let stored = header?["codec"]?.objectValue?["level"]?.stringValue.flatMap(TokenLevelKind.init)
    (name, level, self.best) = (folder.name, stored ?? configuration.tokens.level, best)
    model = try configuration.model.architecture(vocabularySize: 2).title
    (test, done) = (history.test, history.isFinished ? history.done : nil)
  }

  /// The record of a run of this configuration that has already ended; nil when there is none, or it has not.
  public init?(_ folder: RunFolder, ifFinishedWith configuration: LanguageConfiguration) throws {
    guard InputFile.exists(folder.configuration), InputFile.exists(folder.metrics) else { return nil }
    let file = RunConfigurationFile<LanguageConfiguration>(path: folder.configuration)
    try file.requireSame(configuration)
    // Without its bundle a run is finished again from its last checkpoint.
    guard try LanguageModelHistory.contents(of: folder.metrics).isFinished,
      InputFile.exists("\(folder.bundle)/configuration.json")
    else { return nil }
    try file.requireSameData(LanguageData(configuration).parts)
    try self.init(folder)
  }
}
