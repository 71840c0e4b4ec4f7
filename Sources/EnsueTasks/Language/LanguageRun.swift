// A training run of a language model, step by step. Its loop belongs to the caller:
//
//   var run = try LanguageRun(configuration, in: folder)
//   while let event = try run.next() { … show it; to stop early: try run.save() … }
//   let record = try run.finish()
//
// Recurrent models read the text as streams side by side, a segment of each a step. States are carried from segment to
// segment, without their history, and begin anew with every pass, and at documents where these are kept apart; a
// checkpoint in the middle of a pass holds them.
// Transformers read windows, which a number gives. A model that is counted is ready when the run begins.

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

/// A validation, and what the model wrote then; empty where nothing was asked for.
public struct LanguageValidation: Sendable {
  public let epoch: LanguageModelEpoch
  public let sample: String
  public let level: TokenLevelKind
}

/// A language model being trained.
public struct LanguageRun: ~Copyable, TrainingRun {
  public let configuration: LanguageConfiguration
  public let data: LanguageData
  public let architecture: LanguageModelArchitecture

  private var session: TrainingSession<AnyLanguageModel>
  private let batches: LanguageBatches
  private let plan: LanguagePlan
  private let sampling: SampledSoftmax?
  private var average: WeightAverage
  /// After the segments of this pass that are done; nil at its beginning, and for models without states.
  private var states: [[RecurrentState]]?

  /// Loads the text and prepares a run, or takes up the one that the folder holds.
  public init(_ configuration: LanguageConfiguration, in folder: RunFolder) throws {
    // Nothing is written before everything that was asked for has been found good.
    try folder.check()
    let file = RunConfigurationFile<LanguageConfiguration>(path: folder.configuration)
    try file.requireSame(configuration)
    let data = try LanguageData(configuration)
    try file.requireSameData(data.parts)
    let architecture = try configuration.architecture(for: data.codec)
    try LanguageRun.checkMemory(architecture, configuration, data)
    let model = try LanguageRun.model(architecture, configuration, data)
    let sampling = try configuration.sampling(of: data)
    try LanguageSample(configuration.samples).check(model, data.codec)
    let batches = LanguageBatches(configuration, data.training)
    guard batches.count > 0 || !architecture.kind.isTrained else {
      throw Failure(
        .data, at: data.training.place, "a document of 2 \(data.codec.level.unit)s or more expected, found none",
        advice: "Leave out --within-documents.")
    }
    let plan = LanguagePlan(batchesPerEpoch: batches.count, configuration.training)
    let schedule = try configuration.rateSchedule(plan, architecture)
    let session = try TrainingSession(
      configuration, in: folder, data: data.parts, model: model, schedule: schedule, rounds: plan.roundCount)
    var states: [[RecurrentState]]?
    if let stored = session.stored, case .recurrent(let network) = session.trainer.model,
      !plan.beginsEpoch(session.trainer.optimizer.stepCount)
    {
      states = try network.states(batchSize: configuration.training.batchSize, path: stored.path) {
        stored.extra["state/\($0)"]
      }
    }
    // The log is cut to what the checkpoint knows.
    average = configuration.average(
      in: folder,
      after: try LanguageModelHistory.contents(of: folder.metrics).epochs.map { ($0.epoch, $0.validation.loss) })
    self.session = session
    self.states = states
    (self.batches, self.plan, self.architecture) = (batches, plan, architecture)
    (self.configuration, self.data, self.sampling) = (configuration, data, sampling)
  }

  private static func checkMemory(
    _ architecture: LanguageModelArchitecture, _ configuration: LanguageConfiguration, _ data: LanguageData
  ) throws {
    let training = configuration.training
    let steps = architecture.kind == .transformer ? configuration.model.transformer.contextLength : training.steps
    let rows = min(Double(training.batchSize) * Double(steps), Double(data.training.count))
    // A validation comes when a step has ended.
    let scores = EvaluationScores.leastNumbers(
      vocabularySize: architecture.vocabularySize, rowCount: data.validation.count - 1)
    try MemoryNeed.check(
      weights: architecture.leastWeightCount, others: max(rows * architecture.leastNumbersPerStep, scores),
      advice: "Choose fewer hidden units, layers, streams or steps.")
  }

  /// The model as a new run begins.
  private static func model(
    _ architecture: LanguageModelArchitecture, _ configuration: LanguageConfiguration, _ data: LanguageData
  ) throws -> AnyLanguageModel {
    if case .ngram(let counted) = architecture {
      let source = data.training.source
      return .ngram(try NGramModel(counted, tokenCount: source.count) { try source.tokens($0) })
    }
    let key = RandomKey(seed: UInt64(configuration.training.seed)).derived("model")
    guard let model = try architecture.makeModel(key: key) else {
      throw Failure(.internal, "a model with weights expected, found \(architecture.kind.rawValue)")
    }
    return model
  }

  public var folder: RunFolder { session.folder }
  /// The step a resumed run continues from; nil for a new run.
  public var resumedStep: Int? { session.resumedStep }
  public var notes: [String] { data.notes }
  public var modelTitle: String { architecture.title }
  public var size: (count: Int, unit: String) {
    (session.trainer.model.storedCount, architecture.kind.sizeUnit)
  }
  public var unit: String { "\(data.codec.level.unit)s" }
  public var check: () throws -> Void {
    get { session.check }
    set { session.check = newValue }
  }

  public static func record(
    _ folder: RunFolder, ifFinishedWith configuration: LanguageConfiguration
  ) throws -> LanguageRunRecord? { try LanguageRunRecord(folder, ifFinishedWith: configuration) }

  /// Does the next step, or a validation. nil when training is over.
  /// - Throws: `Failure`; of kind `diverged` when a loss or gradient is not finite.
  public mutating func next() throws -> RunStep<LanguageValidation>? {
    if session.isOver { return nil }
    let round = session.progress.cursor
    if round.batch >= plan.stepCount(ofRound: round.epoch) { return .validation(try validate()) }
    let event = try step()
    if session.isSaveDue { try save() }
    return .step(event)
  }

  private mutating func step() throws -> StepEvent {
    let start = ContinuousClock.now
    let number = session.trainer.optimizer.stepCount
    if plan.beginsEpoch(number) { states = nil }
    let place = plan.batches(ofStep: number)
    let batches = batches
    let parts = try place.batches.map { try batches.batch($0, epoch: place.epoch) }
    var carried = states
    let (smoothing, sampling) = (configuration.training.labelSmoothing, sampling)
    let unknownID = data.codec.unknownID
    let report = try session.trainer.step(on: parts.map { (batch: $0, count: $0.count) }) { model, part, phase in
      // Nobody can say which of all the others an unknown token was: it is not learned either.
      let targets = PackedTokens(part.targets).ids.map { $0 == unknownID ? -1 : Int($0) }
      let result = try model.loss(
        PackedTokens(part.inputs), targets: targets, from: carried, by: part.route, labelSmoothing: smoothing,
        sampling: sampling, phase)
      carried = result.states
      return result.loss
    }
    states = carried
    session.count(report, batches: 1, tokens: report.exampleCount, since: start)
    return session.event(report, batchCount: plan.stepCount(ofRound: session.progress.cursor.epoch))
  }

  private func validation(of model: AnyLanguageModel) throws -> LanguageModelSummary {
    try LanguageModelEvaluation(
      of: model, on: data.validation, unknownID: data.codec.unknownID, .validation, check: session.check
    ).summary
  }

  private mutating func validate() throws -> LanguageValidation {
    let start = ContinuousClock.now
    let model = session.trainer.model
    let validation = try validation(of: model)
    let number = session.progress.cursor.epoch + 1
    let sample = try LanguageSample(configuration.samples).write(
      model, data.codec, number: number, in: session.folder.path, check: session.check)
    session.progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let learningRate = session.trainer.learningRate
    try average.keep(model, (number, validation.loss))
    session.judge(validation.loss)
    let progress = session.progress
    let event = LanguageModelEpoch(
      epoch: number, step: session.trainer.optimizer.stepCount, seconds: progress.seconds,
      trainingLoss: progress.lossSum / Double(max(1, progress.exampleCount)),
      learningRate: learningRate,
      tokensPerSecond: Double(progress.tokenCount) / max(progress.epochSeconds, 1e-9), validation: validation)
    try session.log.append(languageModel: .epoch(event))
    try session.events.append(event, seconds: Date().timeIntervalSince1970)
    session.beginNextEpoch()
    return LanguageValidation(epoch: event, sample: sample, level: data.codec.level)
  }

  /// Writes a checkpoint: a later run of the same command continues from here.
  public mutating func save() throws {
    var carried: [(name: String, tensor: Tensor)] = []
    if let states, case .recurrent(let network) = session.trainer.model { carried = network.namedTensors(of: states) }
    try session.save(extra: carried.map { (name: "state/\($0.name)", tensor: $0.tensor) })
    try average.prune()
  }

  /// Takes the best weights, or the mean of several, measures them on the test text where there is one, and writes the
  /// bundle.
  public mutating func finish() throws -> LanguageRunRecord {
    try save()
    let mean = try average.mean(session.trainer.model)
    let model = mean ?? session.chosenModel
    try LanguageModelBundle(codec: data.codec, architecture: architecture, model: model).write(to: folder.bundle)
    if mean != nil { try session.log.append(languageModel: .averaged(validation(of: model))) }
    if let test = data.test {
      let evaluation = try LanguageModelEvaluation(
        of: model, on: test, unknownID: data.codec.unknownID, check: session.check)
      try session.log.append(languageModel: .test(evaluation.summary))
    }
    try session.log.append(languageModel: .done(session.doneEvent(parameters: model.storedCount)), durable: true)
    return try LanguageRunRecord(folder)
  }
}

extension AnyLanguageModel {
  /// All numbers of the model: weights, or what was counted.
  var storedCount: Int { if case .ngram(let model) = self { model.ngramCount } else { parameterCount } }
}

extension LanguageConfiguration {
  /// What the output layer is compared with in training; nil for all tokens.
  fileprivate func sampling(of data: LanguageData) throws -> SampledSoftmax? {
    guard let drawCount = training.sampledTokens else { return nil }
    guard model.kind == .recurrent || model.kind == .transformer else {
      throw Failure(
        .configuration, "a model with an output layer expected for sampled tokens, found \(model.kind.rawValue)",
        advice: "Leave out --sampled-softmax.")
    }
    return SampledSoftmax(
      counts: try data.training.source.counts(idCount: data.codec.vocabularySize), drawCount: drawCount)
  }

  /// The learning rate over the steps of a plan. What is counted has no steps, and reads nothing of a schedule.
  fileprivate func rateSchedule(
    _ plan: LanguagePlan, _ architecture: LanguageModelArchitecture
  ) throws -> RateSchedule {
    var trained = self
    if !architecture.kind.isTrained { trained.schedule = ScheduleConfiguration() }
    return try trained.rateSchedule(
      totalSteps: plan.totalSteps, stepsPerEpoch: plan.stepsPerEpoch, modelWidth: architecture.transformerWidth)
  }

  /// The architecture with the size that the data decides.
  func architecture(for codec: TokenCodec) throws(Failure) -> LanguageModelArchitecture {
    var settings = model
    // Sentences do not see each other, as the published n-gram figures have it.
    if codec.level == .words { settings.ngram.sentenceEnd = WordList.endOfLineID }
    return try settings.architecture(vocabularySize: codec.vocabularySize)
  }
}
