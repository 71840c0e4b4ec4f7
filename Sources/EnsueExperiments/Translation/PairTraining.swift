// A compact training of translation models for the experiments: steps, and an end. Nothing is saved; that is the matter
// of the runs with folders.

import EnsueBundle
import EnsueData
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueText
import EnsueTraining

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Trains models on the pairs of one data set.
struct PairTraining {
  let data: TranslationData
  let configuration: TranslationConfiguration
  let stepLimit: Int

  /// How far a training has come.
  struct Progress {
    var step = 0
    /// Symbols of targets that were learned from, their ends among them.
    var symbolCount = 0
    /// Of the processor, spent in the thread that trains; looks are left out.
    var seconds = 0.0
  }

  /// A model after the last step, and the mean training loss of the last twentieth of the steps.
  /// - Parameter look: told of the model after the steps where it wants to (`looksAt`).
  /// - Throws: `Failure` of kind `diverged` among others.
  func model(
    key: RandomKey, looksAt: (_ step: Int) -> Bool = { _ in false },
    look: (Progress, AnyTranslationModel) throws -> Void = { _, _ in }
  ) throws -> (model: AnyTranslationModel, trainingLoss: Double) {
    let training = configuration.training
    let architecture = try configuration.model.architecture(
      sourceVocabularySize: data.codecs.source.vocabularySize,
      targetVocabularySize: data.codecs.target.vocabularySize, isJoint: data.codecs.isJoint)
    var trainer = Trainer(
      model: try architecture.makeModel(key: key.derived("model")), optimizer: Optimizer(configuration.optimizer),
      schedule: try configuration.schedule.schedule(
        totalSteps: max(1, stepLimit), beta2: configuration.optimizer.beta2, modelWidth: architecture.transformerWidth),
      clipping: configuration.clipping, key: key.derived("steps"))
    let batches = data.batches(training, key: key.derived("order"))
    var (epoch, places) = (0, [[Int]]())
    var losses: [Double] = []
    var progress = Progress()
    for step in 0..<stepLimit {
      let start = PairTraining.processorSeconds
      if places.isEmpty {
        places = batches.batches(epoch: epoch).reversed()
        epoch += 1
      }
      let batch = PairBatch(places.removeLast().map { data.training.encoded.pairs[$0] }, data.codecs)
      let share = configuration.sampling.trueShare(step: step)
      let report = try trainer.step(on: [(batch, batch.count)]) { model, batch, phase in
        try model.loss(
          sources: batch.sources, inputs: batch.inputs, targets: batch.targets,
          labelSmoothing: training.labelSmoothing, trueShare: share,
          symbols: configuration.sampling.schedule.symbols, passes: configuration.sampling.passes, phase)
      }
      losses.append(report.loss)
      progress.step += 1
      progress.symbolCount += batch.count
      progress.seconds += PairTraining.processorSeconds - start
      if looksAt(progress.step) { try look(progress, trainer.model) }
    }
    let last = losses.suffix(max(1, stepLimit / 20))
    return (trainer.model, last.reduce(0, +) / Double(max(1, last.count)))
  }

  /// What this thread has had of the processor.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
