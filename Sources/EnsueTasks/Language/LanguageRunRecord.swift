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
  /// What predicts the next token.
  public let kind: LanguageModelKind
  /// What its tokens are.
  public let level: TokenLevelKind
  /// The best validation, whose weights were kept where none were averaged.
  public let best: LanguageModelEpoch
  /// The mean of the weights of several validations, which was kept, on the validation text; nil where none were
  /// averaged.
  public let averaged: LanguageModelSummary?
  /// How many validations' weights were averaged.
  public let averagedCount: Int
  /// The kept weights on the test text, where there is one.
  public let test: LanguageModelSummary?
  /// How training ended; nil while it goes on.
  public let done: DoneEvent?

  /// Reads a run folder.
  /// - Throws: `Failure` when the folder holds no run of a language model, or one without any result yet.
  public init(_ folder: RunFolder) throws {
    let outcome = try RunOutcome<LanguageConfiguration, LanguageModelSummary>(folder)
    // The level of a corpus is known to the bundle alone.
    let header = try? JSONValue.contents(of: "\(folder.bundle)/configuration.json").objectValue
    let stored = header?["codec"]?.objectValue?["level"]?.stringValue.flatMap(TokenLevelKind.init)
    (name, level, best) = (folder.name, stored ?? outcome.configuration.tokens.level, outcome.best)
    model = try outcome.configuration.model.architecture(vocabularySize: 2).title
    averagedCount = min(outcome.configuration.training.averagedCount, outcome.epochs.count)
    averaged = outcome.averaged
    (kind, test, done) = (outcome.configuration.model.kind, outcome.test, outcome.done)
  }

  /// The record of a run of this configuration that has already ended; nil when there is none, or it has not.
  public init?(_ folder: RunFolder, ifFinishedWith configuration: LanguageConfiguration) throws {
    typealias Outcome = RunOutcome<LanguageConfiguration, LanguageModelSummary>
    guard try Outcome.isFinished(folder, with: configuration, parts: { try LanguageData(configuration).parts }) else {
      return nil
    }
    try self.init(folder)
  }
}
