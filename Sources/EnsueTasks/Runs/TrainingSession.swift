// What every training run holds beside its data: its folder, the model and its optimiser, the best weights so far, the
// logs. What a step reads, and what an epoch is judged by, is the task's.

import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTraining
import Foundation

/// A run folder being trained in. Its folder is locked while it lives.
struct TrainingSession<Model: Module>: ~Copyable {
  let folder: RunFolder
  /// The step a resumed run continues from; nil for a new run.
  let resumedStep: Int?
  /// What the task put into the checkpoint that the run continues from, and the file.
  let stored: (extra: [String: Tensor], path: String)?
  var trainer: Trainer<Model>
  var progress: RunProgress
  var log: RunLog
  var events: TensorBoardLog
  /// Called for each batch of a validation and of the last measurement (`TrainingRun.check`).
  var check: () throws -> Void = {}
  private(set) var best: Model?

  private let epochs: Int
  /// What the best weights are chosen at the end of.
  private let judgement: String
  private let checkpointSeconds: Double
  private let lock: FolderLock
  private let checkpoints: CheckpointFolder
  private var lastSave = ContinuousClock.now

  /// Makes the folder a run's, or takes up the run that it holds. Nothing is written before, so everything that was
  /// asked for must have been found good.
  /// - Parameters:
  ///   - parts: the run's data.
  ///   - model: as a new run begins.
  ///   - rates: factors of the learning rate by parameter.
  ///   - schedule: as a new run begins.
  ///   - rounds: judgements of the whole run, where they do not come with epochs.
  init<Configuration: RunConfiguration>(
    _ configuration: Configuration, in folder: RunFolder, data parts: [RunDataPart], model: Model,
    rates: ParameterRates = .equal, schedule: RateSchedule, rounds: Int? = nil
  ) throws {
    try OutputFile.createDirectory(folder.path)
    let lock = try FolderLock(folder.path)
    if !InputFile.exists(folder.configuration) {
      let file = RunConfigurationFile<Configuration>(path: folder.configuration)
      try OutputFile.write(file.json(configuration, parts).indented, to: folder.configuration)
    }
    let optimizer = Optimizer(configuration.optimizer, rates: rates)
    var trainer = Trainer(
      model: model, optimizer: optimizer, schedule: schedule,
      clipping: configuration.clipping, key: RandomKey(seed: UInt64(configuration.seed)).derived("training"))
    let checkpoints = CheckpointFolder(folder.checkpoints)
    for path in [folder.checkpoints, folder.bundle, folder.path] { try OutputFile.removeUnfinished(in: path) }
    let stored = try StoredRun(checkpoints, blank: model, optimizer, configuration.stopping)
    if let stored {
      trainer.restore(model: stored.model, optimizer: stored.optimizer, plateau: stored.progress.plateau)
    }
    let progress = stored?.progress ?? RunProgress(stopping: configuration.stopping)
    let log = try RunLog.open(path: folder.metrics, keepingBytes: progress.logBytes)
    let events = try TensorBoardLog.open(
      directory: folder.path, keepingBytes: progress.eventBytes, startTime: Date().timeIntervalSince1970)
    (self.folder, self.checkpoints, self.trainer, self.progress) = (folder, checkpoints, trainer, progress)
    (epochs, checkpointSeconds) = (rounds ?? configuration.epochs, configuration.checkpointSeconds)
    judgement = rounds == nil ? "epoch" : "validation"
    (resumedStep, best) = (stored?.optimizer.stepCount, stored?.best)
    self.stored = stored.map { ($0.extra, $0.path) }
    self.lock = lock
    self.log = log
    self.events = events
  }

  /// Whether training has ended: all epochs done, or no improvement for long enough.
  var isOver: Bool { progress.cursor.epoch >= epochs || progress.stopping.isExhausted }

  /// The model to ship: with the best weights, where an epoch was better than none.
  var chosenModel: Model { best ?? trainer.model }

  /// Counts a step.
  mutating func count(_ report: StepReport, batches: Int, tokens: Int, since start: ContinuousClock.Instant) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    progress.cursor.batch += batches
    progress.lossSum += report.loss * Double(report.exampleCount)
    progress.exampleCount += report.exampleCount
    progress.tokenCount += tokens
    progress.seconds += seconds
    progress.epochSeconds += seconds
  }

  /// Where a step stands that was just counted.
  func event(_ report: StepReport, batchCount: Int) -> StepEvent {
    StepEvent(
      report: report, epoch: progress.cursor.epoch + 1, batch: progress.cursor.batch, batchCount: batchCount,
      tokenCount: progress.tokenCount, epochSeconds: progress.epochSeconds)
  }

  /// Takes the number by which an epoch is judged, and keeps the weights when it is the best so far. The schedule may
  /// lower the rate of the steps to come.
  mutating func judge(_ value: Double) {
    trainer.judge(value)
    if progress.stopping.take(value, epoch: progress.cursor.epoch + 1) == .improved { best = trainer.model }
  }

  /// Begins the next epoch.
  mutating func beginNextEpoch() {
    progress.cursor.epoch += 1
    progress.cursor.batch = 0
    (progress.lossSum, progress.exampleCount, progress.tokenCount, progress.epochSeconds) = (0, 0, 0, 0)
  }

  /// Whether the last checkpoint is old enough for another.
  var isSaveDue: Bool {
    checkpointSeconds > 0 && ContinuousClock.now - lastSave > .seconds(checkpointSeconds)
  }

  /// Writes a checkpoint: a later run of the same command continues from here.
  /// - Parameter extra: what the task needs besides.
  mutating func save(extra: [(name: String, tensor: Tensor)] = []) throws {
    try log.synchronize()
    progress.logBytes = log.byteCount
    progress.eventBytes = events.byteCount
    progress.plateau = trainer.schedule.plateau?.memory
    let step = trainer.optimizer.stepCount
    try checkpoints.write(
      step: step,
      tensors: StoredRun.tensors(model: trainer.model, best: best, optimizer: trainer.optimizer, extra: extra),
      state: progress.json(step: step))
    lastSave = .now
  }

  /// The last line of the log.
  func doneEvent(parameters: Int) -> DoneEvent {
    DoneEvent(
      reason: progress.stopping.isExhausted
        ? "no improvement for \(progress.stopping.patience) \(judgement)s" : "all epochs done",
      bestEpoch: progress.stopping.bestEpoch, epochs: progress.cursor.epoch, trainingSeconds: progress.seconds,
      parameters: parameters, peakMemoryBytes: ProcessMemory.peakBytes)
  }
}
