// A training run of a translation model, step by step. Its loop belongs to the caller:
//
//   var run = try TranslationRun(configuration, in: folder)
//   while let event = try run.next() { … show it; to stop early: try run.save() … }
//   let record = try run.finish()
//
// Which pairs a step reads is a function of its number, so that a run that is stopped in the middle of an epoch goes on
// with the same bits.

import EnsueBundle
import EnsueData
import EnsueDecoding
import EnsueEvaluation
import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueText
import EnsueTraining
import Foundation

/// A validation, and translations made then; none where none were asked for.
public struct TranslationValidation: Sendable {
  public let epoch: TranslationEpoch
  public let samples: [TranslationSample]
}

/// A translation model being trained.
public struct TranslationRun: ~Copyable, TrainingRun {
  public let configuration: TranslationConfiguration
  public let data: TranslationData
  public let architecture: TranslationArchitecture

  private var session: TrainingSession<AnyTranslationModel>
  private var plan: TranslationPlan
  private var average: WeightAverage

  /// Loads the data and prepares a run, or takes up the one that the folder holds.
  public init(_ configuration: TranslationConfiguration, in folder: RunFolder) throws {
    // Nothing is written before everything that was asked for has been found good.
    try folder.check()
    try configuration.check()
    let file = RunConfigurationFile<TranslationConfiguration>(path: folder.configuration)
    try file.requireSame(configuration)
    let data = try TranslationData(configuration)
    try file.requireSameData(data.parts)
    let training = configuration.training
    let architecture = try configuration.model.architecture(for: data.codecs)
    try data.check(architecture, configuration)
    let key = RandomKey(seed: UInt64(training.seed))
    let batches = data.batches(training, key: key.derived("order"))
    let plan = TranslationPlan(batches, training, after: 0)
    let perEpoch = plan.stepsPerEpoch(0)
    let (all, isTooLarge) = perEpoch.multipliedReportingOverflow(by: training.epochs)
    let schedule = try configuration.rateSchedule(
      totalSteps: min(isTooLarge ? .max : all, training.maximumSteps ?? .max), stepsPerEpoch: perEpoch,
      modelWidth: architecture.transformerWidth)
    let model = try architecture.makeModel(key: key.derived("model"))
    let session = try TrainingSession(
      configuration, in: folder, data: data.parts, model: model, schedule: schedule, rounds: .max)
    try OutputFile.write(data.account.indented, to: folder.data)
    // The log is cut to what the checkpoint knows.
    let validations = try TranslationHistory.contents(of: folder.metrics).epochs.map { epoch in
      (epoch: epoch.epoch, value: training.criterion.value(in: epoch.validation))
    }
    self.plan = TranslationPlan(batches, training, after: session.trainer.optimizer.stepCount)
    average = configuration.average(in: folder, after: validations)
    self.session = session
    (self.configuration, self.data, self.architecture) = (configuration, data, architecture)
  }

  public var folder: RunFolder { session.folder }
  public var resumedStep: Int? { session.resumedStep }
  public var notes: [String] { data.notes }
  public var modelTitle: String { architecture.title }
  public var size: (count: Int, unit: String) { (session.trainer.model.parameterCount, "parameters") }
  public var unit: String { "symbols" }
  public var check: () throws -> Void {
    get { session.check }
    set { session.check = newValue }
  }

  public static func record(
    _ folder: RunFolder, ifFinishedWith configuration: TranslationConfiguration
  ) throws -> TranslationRunRecord? { try TranslationRunRecord(folder, ifFinishedWith: configuration) }

  /// - Throws: `Failure`; of kind `diverged` when a loss or gradient is not finite.
  public mutating func next() throws -> RunStep<TranslationValidation>? {
    let done = session.progress.cursor.batch
    if session.isOver || plan.isOver && done == 0 { return nil }
    if plan.endsRound(after: done) { return .validation(try validate()) }
    let event = try step()
    if session.isSaveDue { try save() }
    return .step(event)
  }

  private mutating func step() throws -> StepEvent {
    let start = ContinuousClock.now
    let (pairs, codecs) = (data.training.encoded.pairs, data.codecs)
    let number = session.trainer.optimizer.stepCount
    let batches = plan.next().map { places in PairBatch(places.map { pairs[$0] }, codecs) }
    let smoothing = configuration.training.labelSmoothing
    let sampling = configuration.sampling
    let share = sampling.trueShare(step: number)
    // Unknown symbols are not learned: they do not weigh.
    let counted = batches.map { batch in (batch: batch, count: max(1, batch.targets.count { $0 >= 0 })) }
    let report = try session.trainer.step(on: counted) { model, batch, phase in
      try model.loss(
        sources: batch.sources, inputs: batch.inputs, targets: batch.targets, labelSmoothing: smoothing,
        trueShare: share, symbols: sampling.schedule.symbols, passes: sampling.passes, phase)
    }
    session.count(report, batches: 1, tokens: batches.reduce(0) { $0 + $1.count }, since: start)
    return session.event(report, batchCount: plan.roundLength)
  }

  private mutating func validate() throws -> TranslationValidation {
    let start = ContinuousClock.now
    let model = session.trainer.model
    let (settings, number) = (configuration.validation, session.progress.cursor.epoch + 1)
    let check = session.check
    let translator = TextTranslator(
      model: model, codecs: data.codecs, search: TranslationSearch(width: settings.beamWidth))
    let evaluation = try TranslationEvaluation(
      of: translator, on: data.validation, sentenceCount: settings.sentenceCount,
      kinds: TranslationEvaluation.kinds(for: configuration.training.criterion), progress: { _ in try check() })
    let samples = try TranslationSample.first(
      settings.sampleCount, of: evaluation, data.validation, translator, check: check)
    try TranslationSample.write(samples, number: number, in: session.folder.path)
    session.progress.seconds += (ContinuousClock.now - start) / .seconds(1)
    let learningRate = session.trainer.learningRate
    let value = configuration.training.criterion.value(in: evaluation.summary)
    try average.keep(model, (number, value))
    session.judge(value)
    let progress = session.progress
    let event = TranslationEpoch(
      epoch: number, step: session.trainer.optimizer.stepCount, seconds: progress.seconds,
      trainingLoss: progress.lossSum / Double(max(1, progress.exampleCount)), learningRate: learningRate,
      tokensPerSecond: Double(progress.tokenCount) / max(progress.epochSeconds, 1e-9),
      validation: evaluation.summary)
    try session.log.append(translation: .epoch(event))
    try session.events.append(event, seconds: Date().timeIntervalSince1970)
    session.beginNextEpoch()
    return TranslationValidation(epoch: event, samples: samples)
  }

  public mutating func save() throws {
    try session.save()
    try average.prune()
  }

  /// Takes the best weights, or the mean of several, measures them on the test pairs where there are some, and writes
  /// the bundle.
  public mutating func finish() throws -> TranslationRunRecord {
    try save()
    let model = try average.mean(session.trainer.model) ?? session.chosenModel
    try TranslationBundle(codecs: data.codecs, architecture: architecture, model: model).write(to: folder.bundle)
    if let test = data.test {
      let search = TranslationSearch(
        width: configuration.test.beamWidth, lengthPenalty: configuration.test.lengthPenalty)
      let check = session.check
      let evaluation = try TranslationEvaluation(
        of: TextTranslator(model: model, codecs: data.codecs, search: search), on: test, progress: { _ in try check() })
      try TranslationsFile.write(evaluation, of: test, to: folder.translations)
      try session.log.append(translation: .test(evaluation.summary))
    }
    try session.log.append(
      translation: .done(session.doneEvent(parameters: model.parameterCount)), durable: true)
    return try TranslationRunRecord(folder)
  }
}

extension TranslationModelSettings {
  /// The architecture with the sizes that the vocabularies decide.
  func architecture(for codecs: TranslationCodecs) throws(Failure) -> TranslationArchitecture {
    try architecture(
      sourceVocabularySize: codecs.source.vocabularySize, targetVocabularySize: codecs.target.vocabularySize,
      isJoint: codecs.isJoint)
  }
}
