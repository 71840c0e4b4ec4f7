// What a training run looks like from outside, whatever is trained: the loop that shows it (`ensue train …`) is
// written once.

import EnsueFiles

/// What happened in a run.
public enum RunStep<Validation: Sendable>: Sendable {
  case step(StepEvent)
  case validation(Validation)
}

/// A run being trained, step by step.
public protocol TrainingRun: ~Copyable {
  associatedtype Configuration: RunConfiguration
  /// What a validation says.
  associatedtype Validation: Sendable
  /// The outcome.
  associatedtype Record: Sendable

  /// The record of a run of this configuration that has already ended; nil when there is none, or it has not.
  static func record(_ folder: RunFolder, ifFinishedWith configuration: Configuration) throws -> Record?

  /// Loads the data and prepares a run, or takes up the one that the folder holds.
  init(_ configuration: Configuration, in folder: RunFolder) throws

  var folder: RunFolder { get }
  /// The step a resumed run continues from; nil for a new run.
  var resumedStep: Int? { get }
  /// What a user should know about the data, a line each.
  var notes: [String] { get }
  /// The model in a few words.
  var modelTitle: String { get }
  /// The model's size, and of what.
  var size: (count: Int, unit: String) { get }
  /// What the model reads one after another: `tokens`.
  var unit: String { get }

  /// Called for each batch of a validation and of the last measurement. What it throws ends them and is thrown on; the
  /// run is then as it was before, can be saved, and does them again when it goes on.
  var check: () throws -> Void { get set }

  /// Does the next step, or a validation. nil when training is over.
  mutating func next() throws -> RunStep<Validation>?
  /// Writes a checkpoint: a later run of the same command continues from here.
  mutating func save() throws
  /// Takes the best weights, measures them, and writes the bundle.
  mutating func finish() throws -> Record
}
