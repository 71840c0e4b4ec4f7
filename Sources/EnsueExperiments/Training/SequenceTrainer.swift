// A compact trainer for the experiments: steps, validations, an end. Nothing is saved and nothing resumes; that is the
// matter of the runs with folders.

import EnsueData
import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTraining

/// Trains models on one task.
public struct SequenceTrainer: Sendable {
  public let task: any SequenceTask
  public let settings: SequenceTrainingSettings
  /// The training examples where there is an end of them.
  private let examples: [SequenceExample]?
  private let validation: [SequenceBatch]

  public init(_ task: any SequenceTask, _ settings: SequenceTrainingSettings) {
    (self.task, self.settings) = (task, settings)
    let count = settings.trainingCount.map { min($0, task.count(of: .training) ?? $0) } ?? task.count(of: .training)
    examples = count.map { (0..<$0).map { task.example($0, of: .training) } }
    validation = SequenceTrainer.batches(of: task, .validation, limit: settings.validationCount)
  }

  /// The first examples of a part in batches.
  static func batches(of task: any SequenceTask, _ part: SequencePart, limit: Int) -> [SequenceBatch] {
    let count = min(limit, task.count(of: part) ?? limit)
    return stride(from: 0, to: count, by: 64).map { task.batch(Array($0..<min($0 + 64, count)), of: part) }
  }

  /// Trains until the goal, the end of patience, the last step, or a number that is not finite.
  public func train<Model: SequencePredictor>(_ model: Model, key: RandomKey) throws -> SequenceTrainingResult<Model> {
    var trainer = Trainer(
      model: model, optimizer: Optimizer(settings.optimizer),
      schedule: try settings.schedule.schedule(
        totalSteps: max(1, settings.stepLimit), beta2: settings.optimizer.beta2),
      clipping: GradientClipping(norm: settings.clipping), key: key.derived("steps"))
    var curve = [point(0, .nan, model)]
    var stopping = EarlyStopping(higherIsBetter: false, patience: settings.patience ?? .max)
    var (solved, diverged): (Int?, Int?) = (nil, nil)
    var (largestNorm, losses) = (0.0, [Double]())
    var order = ExampleOrder(key: key.derived("order"))
    for step in 1...max(1, settings.stepLimit) {
      do {
        let batch = nextBatch(&order)
        var taskLoss = 0.0
        let report = try trainer.step(on: [(batch, batch.layout.batchSize)]) { model, batch, phase in
          let (task, penalty) = model.losses(on: batch, phase)
          taskLoss = task.scalar
          return penalty.map { task + $0 } ?? task
        }
        losses.append(taskLoss)
        largestNorm = max(largestNorm, report.gradientNorm)
      } catch let failure as Failure where failure.kind == .diverged {
        diverged = step
        curve.append(SequenceCurvePoint(step: step, trainingLoss: .nan, validationLoss: .nan, accuracy: nil))
        break
      }
      guard step % settings.validationInterval == 0 || step == settings.stepLimit else { continue }
      let found = point(step, losses.reduce(0, +) / Double(losses.count), trainer.model)
      losses = []
      curve.append(found)
      if let goal = settings.goal, let accuracy = found.accuracy, accuracy >= goal {
        solved = step
        break
      }
      if stopping.take(found.validationLoss, epoch: step) == .exhausted { break }
    }
    return SequenceTrainingResult(
      model: trainer.model, curve: curve, solvedStep: solved, divergedStep: diverged, largestGradientNorm: largestNorm)
  }

  private func point(_ step: Int, _ trainingLoss: Double, _ model: some SequencePredictor) -> SequenceCurvePoint {
    let (loss, accuracy) = evaluation(of: model, on: validation)
    return SequenceCurvePoint(step: step, trainingLoss: trainingLoss, validationLoss: loss, accuracy: accuracy)
  }

  /// The mean loss over all answers, and the share of judged ones that are right.
  func evaluation(of model: some SequencePredictor, on batches: [SequenceBatch]) -> (loss: Double, accuracy: Double?) {
    var (loss, answers, right, judged) = (0.0, 0, 0, 0)
    for batch in batches {
      let found = model.answers(to: batch, .inference)
      loss += batch.loss(of: found).scalar * Double(batch.answerCount)
      answers += batch.answerCount
      if let counts = batch.judged(found, tolerance: settings.tolerance) {
        right += counts.right
        judged += counts.count
      }
    }
    return (loss / Double(max(1, answers)), judged == 0 ? nil : Double(right) / Double(judged))
  }

  private func nextBatch(_ order: inout ExampleOrder) -> SequenceBatch {
    let indices = order.next(settings.batchSize, of: examples?.count)
    guard let examples else { return task.batch(indices, of: .training) }
    return SequenceBatch(indices.map { examples[$0] })
  }
}

/// In which order examples come: new ones for ever, or shuffled anew in every round.
private struct ExampleOrder {
  let key: RandomKey
  private var position = 0
  private var round: [Int] = []
  private var rounds = 0

  init(key: RandomKey) { self.key = key }

  /// - Parameter count: how many there are; nil where there is no end of them.
  mutating func next(_ batchSize: Int, of count: Int?) -> [Int] {
    guard let count else {
      defer { position += batchSize }
      return Array(position..<position + batchSize)
    }
    // A round's last batch is as small as it is.
    if round.isEmpty {
      round = key.derived(rounds).permutation(count)
      rounds += 1
    }
    let batch = Array(round.prefix(batchSize))
    round.removeFirst(batch.count)
    return batch
  }
}
