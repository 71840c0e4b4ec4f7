// Where in the data a training step stands, and when there is a validation: functions of numbers of steps, so that a
// resume needs nothing else.

import EnsueData

/// Steps, epochs and validations of a run, walked through from the first step on.
package struct TranslationPlan: Sendable {
  private let batches: PairBatches
  private let accumulation: Int
  private let epochs: Int
  private let maximumSteps: Int
  private let interval: Int?
  /// The epoch of the next step and the steps done in it, from 0 on.
  package private(set) var epoch = 0
  private var stepInEpoch = 0
  private var stepCount = 0
  /// Updates of the epoch that the last step was of.
  private var epochLength = 0
  /// Of the current epoch; empty until they are needed.
  private var current: [[Int]] = []

  /// - Parameter step: updates done.
  package init(_ batches: PairBatches, _ training: TranslationConfiguration.Training, after step: Int) {
    self.batches = batches
    (accumulation, epochs) = (training.accumulation, training.epochs)
    (maximumSteps, interval) = (training.maximumSteps ?? .max, training.validationInterval)
    while epoch < epochs {
      let steps = stepsPerEpoch(epoch)
      if stepCount + steps > step { break }
      (stepCount, epoch) = (stepCount + steps, epoch + 1)
    }
    (stepInEpoch, stepCount) = (step - stepCount, step)
  }

  /// Updates of an epoch; the last one may have fewer batches.
  package func stepsPerEpoch(_ epoch: Int) -> Int {
    (batches.batchCount(epoch: epoch) + accumulation - 1) / accumulation
  }

  /// Whether all steps are done.
  package var isOver: Bool { epoch >= epochs || stepCount >= maximumSteps }

  /// Whether a validation comes before the next step.
  /// - Parameter done: steps since the last one.
  package func endsRound(after done: Int) -> Bool {
    guard done > 0 else { return false }
    return isOver || (interval.map { done >= $0 } ?? (stepInEpoch == 0))
  }

  /// Steps between the last validation and the next, for a progress bar; known once a step was taken.
  package var roundLength: Int { min(interval ?? epochLength, maximumSteps) }

  /// The pairs of the next step, by batches; the step then counts as done.
  /// - Precondition: not over.
  package mutating func next() -> [[Int]] {
    if current.isEmpty {
      current = batches.batches(epoch: epoch)
      epochLength = (current.count + accumulation - 1) / accumulation
    }
    let first = stepInEpoch * accumulation
    let chosen = Array(current[first..<min(first + accumulation, current.count)])
    stepInEpoch += 1
    stepCount += 1
    if stepInEpoch * accumulation >= current.count { (epoch, stepInEpoch, current) = (epoch + 1, 0, []) }
    return chosen
  }
}
