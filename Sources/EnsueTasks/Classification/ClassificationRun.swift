// A training run of a sentence classifier, step by step. Its loop belongs to the caller:
//
//   var run = try ClassificationRun(configuration, in: folder)
//   while let event = try run.next() { … show it; to stop early: try run.save() … }
//   let result = try run.finish()
//
// Everything is decided by the configuration and the data: the same call continues a run that was interrupted, and
// ends with the same weights, bit for bit.

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTraining
import Foundation

/// What happened in a run.
public enum ClassificationEvent: Sendable {
  case step(StepEvent)
  case epoch(EpochEvent)
}

/// A run being trained.
public struct ClassificationRun: ~Copyable {
  public let configuration: ClassificationConfiguration
  public let data: ClassificationData

  private let start: any ClassifierStart
  private var session: TrainingSession<AnyTextClassifier>
  private let order: BatchOrder
  private var batches: [[Int]] = []

  /// Loads the data and prepares a run, or takes up the one that the folder holds.
  public init(_ configuration: ClassificationConfiguration, in folder: RunFolder) throws {
    // Nothing is written before everything that was asked for has been found good.
    try folder.check()
    let file = RunConfigurationFile<ClassificationConfiguration>(path: folder.configuration)
    try file.requireSame(configuration)
    let start = try configuration.start()
    let data = start.data
    try file.requireSameData(start.parts)
    guard !data.validation.isEmpty else {
      throw Failure(
        .configuration, at: "data.validationFraction", "validation data expected, found none",
        advice: "Training chooses its best weights by it.")
    }
    try MemoryNeed.check(
      weights: start.leastWeightCount,
      advice: configuration.pretrained.isGiven
        ? "Choose a smaller model." : "Choose fewer hidden units, layers or words.")
    let key = RandomKey(seed: UInt64(configuration.training.seed))
    let order = BatchOrder(
      exampleCount: data.training.count, batchSize: configuration.training.batchSize, key: key.derived("order"))
    let accumulation = configuration.training.accumulation
    let schedule = try configuration.rateSchedule(
      stepsPerEpoch: (order.batchCount + accumulation - 1) / accumulation, modelWidth: start.transformerWidth)
    let model = try start.makeModel(key: key.derived("model"))
    session = try TrainingSession(
      configuration, in: folder, data: start.parts, model: model, rates: start.rates(of: model), schedule: schedule)
    (self.configuration, self.start, self.data, self.order) = (configuration, start, data, order)
  }

  public var folder: RunFolder { session.folder }
  /// The step a resumed run continues from; nil for a new run.
  public var resumedStep: Int? { session.resumedStep }
  /// As `TrainingRun.check`.
  public var check: () throws -> Void {
    get { session.check }
    set { session.check = newValue }
  }
  /// All numbers of the model, and those that training changes.
  public var parameterCount: Int { session.trainer.model.parameterCount }
  public var trainedCount: Int { session.trainer.model.trainedCount }

  // MARK: The loop

  /// Does the next step, or the end of an epoch. nil when training is over.
  /// - Throws: `Failure`; of kind `diverged` when a loss or gradient is not finite.
  public mutating func next() throws -> ClassificationEvent? {
    if session.isOver { return nil }
    if batches.isEmpty { batches = order.batches(epoch: session.progress.cursor.epoch) }
    if session.progress.cursor.batch >= batches.count { return .epoch(try endEpoch()) }
    let event = try step()
    if session.isSaveDue { try save() }
    return .step(event)
  }

  private mutating func step() throws -> StepEvent {
    let start = ContinuousClock.now
    let chosen = batches[session.progress.cursor.batch...].prefix(configuration.training.accumulation)
    let sentences = data.training
    let microBatches = chosen.map { indices in (batch: indices.map { sentences[$0] }, count: indices.count) }
    let smoothing = configuration.training.labelSmoothing
    let report = try session.trainer.step(on: microBatches) { model, batch, phase in
      let output = model.output(EncoderInput(batch.map(\.text)), phase)
      return output.trainingLoss(EncoderTargets(batch), labelSmoothing: smoothing)
    }
    let tokens = microBatches.reduce(0) { $0 + $1.batch.reduce(0) { $0 + $1.text.ids.count } }
    session.count(report, batches: chosen.count, tokens: tokens, since: start)
    return session.event(report, batchCount: batches.count)
  }

  private mutating func endEpoch() throws -> EpochEvent {
    let start = ContinuousClock.now
    let validation = try SentenceEvaluation(
      of: session.trainer.model, on: data.validation, map: LabelMap(data.splits.labels), check: session.check
    ).summary
    session.progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let learningRate = session.trainer.learningRate
    session.judge(configuration.training.metric.value(in: validation))
    let progress = session.progress
    let event = EpochEvent(
      epoch: progress.cursor.epoch + 1, step: session.trainer.optimizer.stepCount, seconds: progress.seconds,
      trainingLoss: progress.lossSum / Double(max(1, progress.exampleCount)),
      learningRate: learningRate,
      tokensPerSecond: Double(progress.tokenCount) / max(progress.epochSeconds, 1e-9),
      validation: validation, drawVariance: drawVariance())
    try session.log.append(.epoch(event))
    try session.events.append(event, seconds: Date().timeIntervalSince1970)
    session.beginNextEpoch()
    batches = []
    return event
  }

  /// Of two draws for each of the epoch's first sentences, with the weights at its end; nil of a model that draws none.
  private func drawVariance() -> DrawVariance? {
    guard configuration.model.drawsStates, let model = session.trainer.model.base as? any DrawingClassifier else {
      return nil
    }
    let training = data.training
    let sentences = batches.joined().prefix(256).map { training[$0] }
    let key = RandomKey(seed: UInt64(configuration.training.seed)).derived("draw variance")
    return model.reinforceVariance(
      EncoderInput(sentences.map(\.text)), EncoderTargets(sentences),
      labelSmoothing: configuration.training.labelSmoothing, key: key.derived(session.progress.cursor.epoch)
    ).map { DrawVariance(withBaseline: $0.variance, withoutBaseline: $0.varianceWithoutBaseline) }
  }

  /// Writes a checkpoint: a later run of the same command continues from here.
  public mutating func save() throws { try session.save() }

  // MARK: The end

  /// Takes the best weights, evaluates them on the test data (or else the validation data), and writes the bundle.
  public mutating func finish() throws -> RunRecord {
    try save()
    let bundle = try start.bundle(of: session.chosenModel)
    try bundle.write(to: folder.bundle)
    if let test = data.splits.test, !data.test.isEmpty {
      let evaluation = try SentenceEvaluation(
        of: AnyTextClassifier(bundle.classifier), on: data.test, map: LabelMap(data.splits.labels),
        check: session.check)
      try PredictionsFile.write(evaluation, of: test, to: folder.predictions)
      try session.log.append(.test(evaluation.event))
    }
    try session.log.append(.done(session.doneEvent(parameters: trainedCount)), durable: true)
    return try FinishedRun.record(folder)
  }
}
