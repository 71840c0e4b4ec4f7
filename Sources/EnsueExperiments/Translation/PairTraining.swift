// A compact training of translation models for the experiments: steps, and an end. Nothing is saved; that is the matter
// of the runs with folders.

import EnsueBundle
import EnsueData
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueText
import EnsueTraining

/// Trains models on the pairs of one data set.
struct PairTraining {
  let data: TranslationData
  let configuration: TranslationConfiguration
  let stepLimit: Int

  /// A model after the last step, and the mean training loss of the last twentieth of the steps.
  /// - Throws: `Failure` of kind `diverged` among others.
  func model(key: RandomKey) throws -> (model: AnyTranslationModel, trainingLoss: Double) {
    let training = configuration.training
    let architecture = try configuration.model.architecture(
      sourceVocabularySize: data.codecs.source.vocabularySize,
      targetVocabularySize: data.codecs.target.vocabularySize, isJoint: data.codecs.isJoint)
    var trainer = Trainer(
      model: try architecture.makeModel(key: key.derived("model")), optimizer: Optimizer(configuration.optimizer),
      schedule: try configuration.schedule.schedule(
        totalSteps: max(1, stepLimit), beta2: configuration.optimizer.beta2),
      clipping: configuration.clipping, key: key.derived("steps"))
    let batches = data.batches(training, key: key.derived("order"))
    var (epoch, places) = (0, [[Int]]())
    var losses: [Double] = []
    for step in 0..<stepLimit {
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
          symbols: configuration.sampling.schedule.symbols, phase)
      }
      losses.append(report.loss)
    }
    let last = losses.suffix(max(1, stepLimit / 20))
    return (trainer.model, last.reduce(0, +) / Double(max(1, last.count)))
  }
}
