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
    let outcome = try RunOutcome<RollConfiguration, LanguageModelSummary>(folder)
    (name, model, best) = (folder.name, outcome.configuration.model.title, outcome.best)
    (test, done) = (outcome.test, outcome.done)
  }

  /// The record of a run of this configuration that has already ended; nil when there is none, or it has not.
  public init?(_ folder: RunFolder, ifFinishedWith configuration: RollConfiguration) throws {
    typealias Outcome = RunOutcome<RollConfiguration, LanguageModelSummary>
    guard try Outcome.isFinished(folder, with: configuration, parts: { try RollData(configuration).parts }) else {
      return nil
    }
    try self.init(folder)
  }
}
