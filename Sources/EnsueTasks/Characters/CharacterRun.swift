// A training run of a character model by truncated back-propagation through time, step by step. Its loop belongs to
// the caller:
//
//   var run = try CharacterRun(configuration, in: folder)
//   while let event = try run.next() { … show it; to stop early: try run.save() … }
//   let record = try run.finish()
//
// The text is read as streams side by side, a segment of each a step. States are carried from segment to segment,
// without their history, and begin anew with every epoch; a checkpoint in the middle of an epoch holds them.

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
public enum CharacterEvent: Sendable {
  case step(StepEvent)
  case epoch(LanguageModelEpoch)
}

/// A character model being trained.
public struct CharacterRun: ~Copyable {
  public let configuration: CharacterConfiguration
  public let data: CharacterData

  private var session: TrainingSession<RecurrentLanguageModel>
  private let streams: TokenStreams
  /// After the segments of this epoch that are done; nil at its beginning.
  private var states: [[RecurrentState]]?

  /// Loads the text and prepares a run, or takes up the one that the folder holds.
  public init(_ configuration: CharacterConfiguration, in folder: RunFolder) throws {
    // Nothing is written before everything that was asked for has been found good.
    try folder.check()
    let file = RunConfigurationFile<CharacterConfiguration>(path: folder.configuration)
    try file.requireSame(configuration)
    let data = try CharacterData(configuration)
    try file.requireSameData(data.parts)
    let architecture = configuration.architecture(for: data)
    let training = configuration.training
    let rows = min(Double(training.batchSize) * Double(training.steps), Double(data.training.count))
    try MemoryNeed.check(
      weights: architecture.leastWeightCount, others: rows * architecture.leastNumbersPerStep,
      advice: "Choose fewer hidden units, layers, streams or steps.")
    let key = RandomKey(seed: UInt64(training.seed))
    let model = try RecurrentLanguageModel(architecture, key: key.derived("model"))
    let streams = TokenStreams(data.training, streamCount: training.batchSize, stepCount: training.steps)
    let schedule = try configuration.rateSchedule(stepsPerEpoch: streams.segmentCount)
    let session = try TrainingSession(
      configuration, in: folder, data: data.parts, model: model, schedule: schedule)
    var states: [[RecurrentState]]?
    if let stored = session.stored, session.progress.cursor.batch > 0 {
      states = try model.states(batchSize: training.batchSize, path: stored.path) { stored.extra["state/\($0)"] }
    }
    self.session = session
    self.states = states
    self.streams = streams
    (self.configuration, self.data) = (configuration, data)
  }

  public var folder: RunFolder { session.folder }
  /// The step a resumed run continues from; nil for a new run.
  public var resumedStep: Int? { session.resumedStep }
  /// All numbers of the model.
  public var parameterCount: Int { session.trainer.model.parameterCount }

  /// Does the next step, or the end of an epoch. nil when training is over.
  /// - Throws: `Failure`; of kind `diverged` when a loss or gradient is not finite.
  public mutating func next() throws -> CharacterEvent? {
    if session.isOver { return nil }
    if session.progress.cursor.batch >= streams.segmentCount { return .epoch(try endEpoch()) }
    let event = try step()
    if session.isSaveDue { try save() }
    return .step(event)
  }

  private mutating func step() throws -> StepEvent {
    let start = ContinuousClock.now
    let segment = streams.segment(session.progress.cursor.batch)
    let (inputs, targets) = (PackedTokens(segment.inputs), PackedTokens(segment.targets))
    let before = states
    var after: [[RecurrentState]]?
    let report = try session.trainer.step(on: [(batch: inputs, count: segment.count)]) { model, inputs, phase in
      let output = model.loss(inputs, targets: targets.ids.map { Int($0) }, from: before, phase)
      after = output.states
      return output.loss
    }
    states = after
    session.count(report, batches: 1, tokens: segment.count, since: start)
    return session.event(report, batchCount: streams.segmentCount)
  }

  private mutating func endEpoch() throws -> LanguageModelEpoch {
    let start = ContinuousClock.now
    let validation = LanguageModelEvaluation.summary(of: session.trainer.model, on: data.validation)
    session.progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let learningRate = session.trainer.learningRate
    session.judge(validation.loss)
    let progress = session.progress
    let event = LanguageModelEpoch(
      epoch: progress.cursor.epoch + 1, step: session.trainer.optimizer.stepCount, seconds: progress.seconds,
      trainingLoss: progress.lossSum / Double(max(1, progress.exampleCount)),
      learningRate: learningRate,
      tokensPerSecond: Double(progress.tokenCount) / max(progress.epochSeconds, 1e-9), validation: validation)
    try session.log.append(languageModel: .epoch(event))
    try session.events.append(event, seconds: Date().timeIntervalSince1970)
    session.beginNextEpoch()
    states = nil
    return event
  }

  /// Writes a checkpoint: a later run of the same command continues from here.
  public mutating func save() throws {
    let carried = states.map { session.trainer.model.namedTensors(of: $0) } ?? []
    try session.save(extra: carried.map { (name: "state/\($0.name)", tensor: $0.tensor) })
  }

  /// Takes the best weights, measures them on the test text where there is one, and writes the bundle.
  public mutating func finish() throws -> CharacterRunRecord {
    try save()
    let model = session.chosenModel
    let bundle = LanguageModelBundle(
      alphabet: data.alphabet, architecture: configuration.architecture(for: data), model: model)
    try bundle.write(to: folder.bundle)
    if let test = data.test {
      try session.log.append(languageModel: .test(LanguageModelEvaluation.summary(of: model, on: test)))
    }
    try session.log.append(languageModel: .done(session.doneEvent(parameters: model.trainedCount)), durable: true)
    return try CharacterRunRecord(folder)
  }
}

extension CharacterConfiguration {
  /// The architecture with the size that the data decides.
  func architecture(for data: CharacterData) -> RecurrentLanguageModelConfiguration {
    var architecture = model
    architecture.vocabularySize = data.alphabet.idCount
    return architecture
  }
}
