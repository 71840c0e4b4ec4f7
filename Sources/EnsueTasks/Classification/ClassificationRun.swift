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
import EnsueText
import EnsueTraining
import Foundation

/// What happened in a run.
public enum ClassificationEvent: Sendable {
  case step(StepEvent)
  case epoch(EpochEvent)
}

/// A training step and where it stands.
public struct StepEvent: Sendable {
  public let report: StepReport
  /// From 1.
  public let epoch: Int
  /// Batches of the epoch done.
  public let batch: Int
  public let batchCount: Int
  /// Tokens of the epoch done, and the training time they took.
  public let tokenCount: Int
  public let epochSeconds: Double
}

/// A run being trained.
public struct ClassificationRun: ~Copyable {
  public let configuration: ClassificationConfiguration
  public let folder: RunFolder
  public let data: ClassificationData
  /// The step a resumed run continues from; nil for a new run.
  public let resumedStep: Int?

  private let lock: FolderLock
  private let checkpoints: CheckpointFolder
  private let order: BatchOrder
  private var trainer: Trainer<AnyTextClassifier>
  private var best: AnyTextClassifier?
  private var progress: RunProgress
  private var log: RunLog
  private var events: TensorBoardLog
  private var batches: [[Int]] = []
  private var lastSave = ContinuousClock.now

  /// Loads the data and prepares a run, or takes up the one that the folder holds.
  public init(_ configuration: ClassificationConfiguration, in folder: RunFolder) throws {
    // Nothing is written before everything that was asked for has been found good.
    try folder.check()
    let file = RunConfigurationFile(path: folder.configuration)
    try file.requireSame(configuration)
    let data = try ClassificationData(configuration)
    try file.requireSameData(data.splits)
    guard !data.validation.isEmpty else {
      throw Failure(
        .configuration, at: "data.validationFraction", "validation data expected, found none",
        advice: "Training chooses its best weights by it.")
    }
    try configuration.requireMemory(for: data)
    try OutputFile.createDirectory(folder.path)
    let lock = try FolderLock(folder.path)
    if !InputFile.exists(folder.configuration) {
      try OutputFile.write(file.json(configuration, data.splits).indented, to: folder.configuration)
    }
    let key = RandomKey(seed: UInt64(configuration.training.seed))
    let architecture = configuration.architecture(for: data)
    let model = AnyTextClassifier(
      try architecture.kind.makeClassifier(architecture, embedding: data.embedding, key: key.derived("model")))
    var trainer = Trainer(
      model: model, optimizer: Optimizer(configuration.optimizer),
      clipping: GradientClipping(norm: configuration.training.clipNorm, value: configuration.training.clipValue),
      key: key.derived("training"))
    let checkpoints = CheckpointFolder(folder.checkpoints)
    for path in [folder.checkpoints, folder.bundle, folder.path] { try OutputFile.removeUnfinished(in: path) }
    let stored = try StoredRun(checkpoints, model, configuration)
    if let stored { trainer.restore(model: stored.model, optimizer: stored.optimizer) }
    let progress = stored?.progress ?? RunProgress(stopping: configuration.stopping)
    let log = try RunLog.open(path: folder.metrics, keepingBytes: progress.logBytes)
    let events = try TensorBoardLog.open(
      directory: folder.path, keepingBytes: progress.eventBytes, startTime: Date().timeIntervalSince1970)
    self.init(
      configuration, folder, data, stored?.optimizer.stepCount, lock, checkpoints,
      BatchOrder(
        exampleCount: data.training.count, batchSize: configuration.training.batchSize, key: key.derived("order")),
      trainer, stored?.best, progress, log, events)
  }

  private init(
    _ configuration: ClassificationConfiguration, _ folder: RunFolder, _ data: ClassificationData,
    _ resumedStep: Int?, _ lock: consuming FolderLock, _ checkpoints: CheckpointFolder, _ order: BatchOrder,
    _ trainer: Trainer<AnyTextClassifier>, _ best: AnyTextClassifier?, _ progress: RunProgress,
    _ log: consuming RunLog, _ events: consuming TensorBoardLog
  ) {
    (self.configuration, self.folder, self.data) = (configuration, folder, data)
    (self.resumedStep, self.checkpoints, self.order) = (resumedStep, checkpoints, order)
    (self.trainer, self.best, self.progress) = (trainer, best, progress)
    self.lock = lock
    self.log = log
    self.events = events
  }

  /// All numbers of the model, and those that training changes.
  public var parameterCount: Int { trainer.model.parameterCount }
  public var trainedCount: Int { trainer.model.trainedCount }

  // MARK: The loop

  /// Whether training has ended: all epochs done, or no improvement for long enough.
  private var isOver: Bool {
    progress.cursor.epoch >= configuration.training.epochs || progress.stopping.isExhausted
  }

  /// Does the next step, or the end of an epoch. nil when training is over.
  /// - Throws: `Failure`; of kind `diverged` when a loss or gradient is not finite.
  public mutating func next() throws -> ClassificationEvent? {
    if isOver { return nil }
    if batches.isEmpty { batches = order.batches(epoch: progress.cursor.epoch) }
    if progress.cursor.batch >= batches.count { return .epoch(try endEpoch()) }
    let event = try step()
    if configuration.training.checkpointSeconds > 0,
      ContinuousClock.now - lastSave > .seconds(configuration.training.checkpointSeconds)
    {
      try save()
    }
    return .step(event)
  }

  private mutating func step() throws -> StepEvent {
    let start = ContinuousClock.now
    let chosen = batches[progress.cursor.batch...].prefix(configuration.training.accumulation)
    let sentences = data.training
    let microBatches = chosen.map { indices in (batch: indices.map { sentences[$0] }, count: indices.count) }
    let smoothing = configuration.training.labelSmoothing
    let report = try trainer.step(on: microBatches) { model, batch, phase in
      let output = model.output(PackedTokens(batch.map(\.ids)), phase)
      let loss = crossEntropy(logits: output.logits, targets: batch.map(\.label), labelSmoothing: smoothing)
      return output.penalty.map { loss + $0 } ?? loss
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    progress.cursor.batch += chosen.count
    progress.lossSum += report.loss * Double(report.exampleCount)
    progress.exampleCount += report.exampleCount
    progress.tokenCount += microBatches.reduce(0) { $0 + $1.batch.reduce(0) { $0 + $1.ids.count } }
    progress.seconds += seconds
    progress.epochSeconds += seconds
    return StepEvent(
      report: report, epoch: progress.cursor.epoch + 1, batch: progress.cursor.batch, batchCount: batches.count,
      tokenCount: progress.tokenCount, epochSeconds: progress.epochSeconds)
  }

  private mutating func endEpoch() throws -> EpochEvent {
    let epoch = progress.cursor.epoch + 1
    let start = ContinuousClock.now
    let validation = ClassificationEvaluation(of: trainer.model, on: data.validation, labels: data.splits.labels)
    progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let value = configuration.training.metric.value(in: validation.record)
    if progress.stopping.take(value, epoch: epoch) == .improved { best = trainer.model }
    let event = EpochEvent(
      epoch: epoch, step: trainer.optimizer.stepCount, seconds: progress.seconds,
      trainingLoss: progress.lossSum / Double(max(1, progress.exampleCount)),
      learningRate: configuration.optimizer.learningRate,
      tokensPerSecond: Double(progress.tokenCount) / max(progress.epochSeconds, 1e-9),
      validation: validation.record.summary)
    try log.append(.epoch(event))
    try events.append(event, seconds: Date().timeIntervalSince1970)
    progress.cursor = BatchCursor(epoch: epoch)
    (progress.lossSum, progress.exampleCount, progress.tokenCount, progress.epochSeconds) = (0, 0, 0, 0)
    batches = []
    return event
  }

  /// Writes a checkpoint: a later run of the same command continues from here.
  public mutating func save() throws {
    try log.synchronize()
    progress.logBytes = log.byteCount
    progress.eventBytes = events.byteCount
    let model = trainer.model.namedTensors.map { (name: "model/\($0.name)", tensor: $0.tensor) }
    let kept = best?.namedTensors.map { (name: "best/\($0.name)", tensor: $0.tensor) } ?? []
    let moments = trainer.optimizer.tensors.map { (name: "optimizer/\($0.name)", tensor: $0.tensor) }
    try checkpoints.write(
      step: trainer.optimizer.stepCount, tensors: model + kept + moments,
      state: progress.json(step: trainer.optimizer.stepCount))
    lastSave = .now
  }

  // MARK: The end

  /// Takes the best weights, evaluates them on the test data (or else the validation data), and writes the bundle.
  public mutating func finish() throws -> RunRecord {
    try save()
    let model = best ?? trainer.model
    let bundle = ClassifierBundle(
      labels: data.splits.labels, encoder: data.encoder, architecture: configuration.architecture(for: data),
      model: model.base)
    try bundle.write(to: folder.bundle)
    if let test = data.splits.test, !data.test.isEmpty {
      let evaluation = ClassificationEvaluation(of: model, on: data.test, labels: data.splits.labels)
      try PredictionsFile.write(evaluation, of: test, to: folder.predictions)
      try log.append(.test(TestEvent(evaluation.record)))
    }
    try log.append(
      .done(
        DoneEvent(
          reason: progress.stopping.isExhausted
            ? "no improvement for \(progress.stopping.patience) epochs" : "all epochs done",
          bestEpoch: progress.stopping.bestEpoch, epochs: progress.cursor.epoch, trainingSeconds: progress.seconds,
          parameters: model.trainedCount, peakMemoryBytes: ProcessMemory.peakBytes)), durable: true)
    return try FinishedRun.record(folder)
  }
}

extension ClassificationConfiguration {
  /// The architecture with the sizes that the data decides.
  func architecture(for data: ClassificationData) -> ClassifierConfiguration {
    var architecture = model
    architecture.classCount = data.splits.labels.count
    architecture.vocabularySize = data.encoder.vocabulary.count
    if let embedding = data.embedding { architecture.embeddingSize = embedding.shape[1] }
    return architecture
  }

  /// Refuses a model that the machine's memory cannot hold: weights, best weights, gradients and two moments.
  fileprivate func requireMemory(for data: ClassificationData) throws {
    let bytes = architecture(for: data).leastWeightCount * 5 * 4
    guard bytes < ProcessMemory.physicalBytes else {
      throw Failure(
        .configuration, at: "model",
        "a model that fits this machine's memory expected, found one that needs \(UInt64(bytes / 1e9)) GB to train",
        advice: "Choose fewer hidden units, layers or words.")
    }
  }

  var stopping: EarlyStopping {
    EarlyStopping(higherIsBetter: training.metric.higherIsBetter, patience: training.patience)
  }
}

/// What a checkpoint gives back.
private struct StoredRun {
  let model: AnyTextClassifier
  let best: AnyTextClassifier?
  let optimizer: Optimizer
  let progress: RunProgress

  init?(
    _ checkpoints: CheckpointFolder, _ blank: AnyTextClassifier, _ configuration: ClassificationConfiguration
  ) throws {
    let stopping = configuration.stopping
    let stored = try checkpoints.newest { reader, state, path in
      var model = blank
      try model.load(reader, prefix: "model/", path: path)
      var best: AnyTextClassifier?
      if reader.names.contains(where: { $0.hasPrefix("best/") }) {
        var kept = blank
        try kept.load(reader, prefix: "best/", path: path)
        best = kept
      }
      var optimizer = Optimizer(configuration.optimizer)
      guard let steps = state["step"]?.integerValue, steps >= 0 else {
        throw Failure(.data, at: path, "state: a step expected")
      }
      let moments = Set(reader.names.filter { $0.hasPrefix("optimizer/") })
      var tensors: [String: Tensor] = [:]
      for name in moments { tensors[name] = try reader.tensor(name) }
      let loaded = tensors
      try optimizer.restore(stepCount: steps, for: model) { loaded["optimizer/\($0)"] }
      let progress = try RunProgress(
        state, higherIsBetter: stopping.higherIsBetter, patience: stopping.patience, path: path)
      return (model, best, optimizer, progress)
    }
    guard let stored else { return nil }
    (model, best, optimizer, progress) = stored
  }
}
