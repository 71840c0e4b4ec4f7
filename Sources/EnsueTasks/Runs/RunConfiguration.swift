// What the configurations of all training tasks have in common: what a run folder and a training session need to know.

import EnsueFiles
import EnsueTraining

/// Everything that decides the outcome of a training run.
public protocol RunConfiguration: OptimizedTraining, Equatable {
  /// The task's name, as configuration files have it under `task` and the command line after `train`.
  static var task: String { get }
  /// All leaves.
  static var settings: SettingsTable<Self> { get }

  init()

  associatedtype Training: LoopConfiguration
  var training: Training { get set }
  /// Of a run that begins.
  var stopping: EarlyStopping { get }
}

extension RunConfiguration {
  /// What was set although nothing in this configuration reads it, a line each.
  public var unreadNotes: [String] { Self.settings.unreadNotes(self) }

  /// Applies a configuration file, which may be that of a run.
  /// - Throws: `Failure` of kind `configuration` for what is unknown, out of range, or of another task.
  package static func apply(_ json: JSONValue, to configuration: inout Self, file: String) throws {
    if let task = json.objectValue?["task"], task != .string(Self.task) {
      throw Failure(
        .configuration, at: file, "task: \(JSONValue.quoted(Self.task)) expected, found \(task)")
    }
    // Keys of a run's configuration file beside the settings.
    try settings.apply(json: json, to: &configuration, file: file, ignoring: ["task", "version", "digests"])
    // No run begins with a value that is refused: one in its file was a default of the version that wrote it.
    if json.objectValue?["digests"] != nil { configuration = try settings.withoutRefused(configuration) }
  }

  /// The schedule of the learning rate over all epochs.
  /// - Parameters:
  ///   - stepsPerEpoch: updates of an epoch.
  ///   - modelWidth: features of a Transformer; nil for other models.
  /// - Throws: `Failure` of kind `configuration` for constants that do not go together, or that nothing reads.
  func rateSchedule(stepsPerEpoch: Int, modelWidth: Int?) throws -> RateSchedule {
    let (total, isTooLarge) = stepsPerEpoch.multipliedReportingOverflow(by: epochs)
    return try rateSchedule(
      totalSteps: isTooLarge ? .max : total, stepsPerEpoch: stepsPerEpoch, modelWidth: modelWidth)
  }

  /// The schedule of the learning rate over some steps.
  func rateSchedule(totalSteps: Int, stepsPerEpoch: Int, modelWidth: Int?) throws -> RateSchedule {
    try Self.settings.refuseUnread(self)
    return try schedule.schedule(
      totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch, beta2: optimizer.beta2, modelWidth: modelWidth,
      higherIsBetter: stopping.higherIsBetter)
  }
}
