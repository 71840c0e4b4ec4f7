// A training run of a model of piano rolls, step by step. Its loop belongs to the caller:
//
//   var run = try RollRun(configuration, in: folder)
//   while let event = try run.next() { … show it; to stop early: try run.save() … }
//   let record = try run.finish()

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining
import Foundation

/// A model of piano rolls being trained.
public struct RollRun: ~Copyable, TrainingRun {
  public let configuration: RollConfiguration
  public let data: RollData

  private var session: TrainingSession<RollModel>
  private let order: BatchOrder
  /// Of the current epoch; empty until they are needed.
  private var batches: [[Int]] = []

  /// Loads the pieces and prepares a run, or takes up the one that the folder holds.
  public init(_ configuration: RollConfiguration, in folder: RunFolder) throws {
    // Nothing is written before everything that was asked for has been found good.
    try folder.check()
    let file = RunConfigurationFile<RollConfiguration>(path: folder.configuration)
    try file.requireSame(configuration)
    let data = try RollData(configuration)
    try file.requireSameData(data.parts)
    let (architecture, training) = (configuration.model, configuration.training)
    let pieces = data.chorales.training
    let longest = pieces.map(\.steps.count).max() ?? 0
    let rows = Double(min(training.batchSize, pieces.count)) * Double(longest)
    try MemoryNeed.check(
      weights: architecture.leastWeightCount, others: rows * architecture.leastNumbersPerStep,
      advice: "Choose fewer hidden units or layers, or a smaller batch.")
    let key = RandomKey(seed: UInt64(training.seed))
    let model = try RollModel(architecture, key: key.derived("model"))
    let order = BatchOrder(exampleCount: pieces.count, batchSize: training.batchSize, key: key.derived("order"))
    let session = try TrainingSession(
      configuration, in: folder, data: data.parts, model: model,
      schedule: try configuration.rateSchedule(stepsPerEpoch: order.batchCount, modelWidth: nil))
    self.session = session
    self.order = order
    (self.configuration, self.data) = (configuration, data)
  }

  public var folder: RunFolder { session.folder }
  /// The step a resumed run continues from; nil for a new run.
  public var resumedStep: Int? { session.resumedStep }
  public var notes: [String] { data.notes }
  public var modelTitle: String { configuration.model.title }
  public var size: (count: Int, unit: String) { (session.trainer.model.parameterCount, "parameters") }
  public var unit: String { "steps" }
  public var check: () throws -> Void {
    get { session.check }
    set { session.check = newValue }
  }

  public static func record(
    _ folder: RunFolder, ifFinishedWith configuration: RollConfiguration
  ) throws -> RollRunRecord? { try RollRunRecord(folder, ifFinishedWith: configuration) }

  /// Does the next step, or the end of an epoch. nil when training is over.
  /// - Throws: `Failure`; of kind `diverged` when a loss or gradient is not finite.
  public mutating func next() throws -> RunStep<LanguageModelEpoch>? {
    if session.isOver { return nil }
    if session.progress.cursor.batch >= order.batchCount { return .validation(try endEpoch()) }
    let event = try step()
    if session.isSaveDue { try save() }
    return .step(event)
  }

  private mutating func step() throws -> StepEvent {
    let start = ContinuousClock.now
    let cursor = session.progress.cursor
    if batches.isEmpty { batches = order.batches(epoch: cursor.epoch) }
    let shifts = RandomKey(seed: UInt64(configuration.seed)).derived("transposition").derived(cursor.epoch)
    let most = configuration.data.transposition
    let batch = data.training(batches[cursor.batch]) { index in
      Int(shifts.bits(at: index) % UInt64(2 * most + 1)) - most
    }
    let report = try session.trainer.step(on: [(batch: batch, count: batch.stepCount)]) { model, batch, phase in
      model.loss(batch.notes, targets: batch.targets, phase)
    }
    session.count(report, batches: 1, tokens: batch.stepCount, since: start)
    return session.event(report, batchCount: order.batchCount)
  }

  private mutating func endEpoch() throws -> LanguageModelEpoch {
    let start = ContinuousClock.now
    let validation = try RollEvaluation.summary(
      of: session.trainer.model, on: data.chorales.validation, check: session.check)
    session.progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let learningRate = session.trainer.learningRate
    session.judge(validation.loss)
    let progress = session.progress
    let event = LanguageModelEpoch(
      epoch: progress.cursor.epoch + 1, step: session.trainer.optimizer.stepCount, seconds: progress.seconds,
      trainingLoss: progress.lossSum / Double(max(1, progress.exampleCount)), learningRate: learningRate,
      tokensPerSecond: Double(progress.tokenCount) / max(progress.epochSeconds, 1e-9), validation: validation)
    try session.log.append(languageModel: .epoch(event))
    try session.events.append(event, seconds: Date().timeIntervalSince1970)
    session.beginNextEpoch()
    batches = []
    return event
  }

  /// Writes a checkpoint: a later run of the same command continues from here.
  public mutating func save() throws { try session.save() }

  /// Takes the best weights, measures them on the test pieces, and writes the bundle.
  public mutating func finish() throws -> RollRunRecord {
    try save()
    let model = session.chosenModel
    let openings = data.chorales.training.map { $0.steps[0].notes }
    try RollBundle(architecture: configuration.model, model: model, openings: openings).write(to: folder.bundle)
    let test = try RollEvaluation.summary(of: model, on: data.chorales.test, check: session.check)
    try session.log.append(languageModel: .test(test))
    try session.log.append(languageModel: .done(session.doneEvent(parameters: model.trainedCount)), durable: true)
    return try RollRunRecord(folder)
  }
}
