// What a translation run's folder says of itself.

import EnsueEvaluation
import EnsueFiles
import EnsueModels

/// The outcome of a run.
public struct TranslationRunRecord: Sendable, Equatable {
  /// The run's name: its folder's.
  public let name: String
  /// The model as tables name it.
  public let model: String
  /// The validation whose weights were kept.
  public let best: TranslationEpoch
  /// How many validations' weights were averaged.
  public let averagedCount: Int
  /// All validations.
  public let epochs: [TranslationEpoch]
  /// The best weights on the test pairs, where there are some.
  public let test: TranslationSummary?
  /// How training ended; nil while it goes on.
  public let done: DoneEvent?

  /// Reads a run folder.
  /// - Throws: `Failure` when the folder holds no translation run, or one without any result yet.
  public init(_ folder: RunFolder) throws {
    let outcome = try RunOutcome<TranslationConfiguration, TranslationSummary>(folder)
    (name, best, test, done) = (folder.name, outcome.best, outcome.test, outcome.done)
    epochs = outcome.epochs
    averagedCount = min(outcome.configuration.training.averagedCount, epochs.count)
    // Vocabularies are no part of a title.
    model = try outcome.configuration.model.architecture(
      sourceVocabularySize: 2, targetVocabularySize: 2, isJoint: true
    ).title
  }

  /// The record of a run of this configuration that has already ended; nil when there is none, or it has not.
  public init?(_ folder: RunFolder, ifFinishedWith configuration: TranslationConfiguration) throws {
    typealias Outcome = RunOutcome<TranslationConfiguration, TranslationSummary>
    guard try Outcome.isFinished(folder, with: configuration, parts: { try TranslationData(configuration).parts })
    else { return nil }
    try self.init(folder)
  }
}
