// Where in the text a training step stands: a function of its number, so that a resume needs nothing else.

import EnsueFiles

/// Steps, epochs and validations of a run.
struct LanguagePlan: Sendable, Equatable {
  /// Batches of a pass over the text.
  let batchesPerEpoch: Int
  let accumulation: Int
  /// Of the whole run, at most.
  let totalSteps: Int
  /// Steps between two validations.
  let interval: Int

  init(batchesPerEpoch: Int, _ training: LanguageConfiguration.Training) {
    (self.batchesPerEpoch, accumulation) = (batchesPerEpoch, training.accumulation)
    let perEpoch = (batchesPerEpoch + training.accumulation - 1) / training.accumulation
    let (all, isTooLarge) = perEpoch.multipliedReportingOverflow(by: training.epochs)
    totalSteps = min(isTooLarge ? Int.max : all, training.maximumSteps ?? Int.max)
    interval = max(1, training.validationInterval ?? perEpoch)
  }

  /// Steps of a pass over the text; the last one may have fewer batches.
  var stepsPerEpoch: Int { (batchesPerEpoch + accumulation - 1) / accumulation }
  /// Validations of the whole run; one for a model without steps.
  var roundCount: Int { max(1, totalSteps / interval + (totalSteps % interval > 0 ? 1 : 0)) }

  /// Steps before the validation that ends a round, from 0 on.
  func stepCount(ofRound round: Int) -> Int { min(interval, totalSteps - round * interval) }

  /// Whether a step, from 0 on, is the first of a pass over the text.
  func beginsEpoch(_ step: Int) -> Bool { step % max(1, stepsPerEpoch) == 0 }

  /// The epoch and the batches of a step, all from 0 on.
  func batches(ofStep step: Int) -> (epoch: Int, batches: Range<Int>) {
    let first = step % stepsPerEpoch * accumulation
    return (step / stepsPerEpoch, first..<min(first + accumulation, batchesPerEpoch))
  }
}
