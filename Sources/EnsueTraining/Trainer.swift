// One step of training: loss, gradient, clipping, update. The loop around it belongs to the caller.

import EnsueFiles
import EnsueLayers
import EnsueTensor

/// A model, its optimiser, the schedule of its learning rate, and the random stream of the steps.
///
///     while let batch = … {
///       let report = try trainer.step(on: [batch]) { model, batch, phase in
///         crossEntropy(logits: model(batch.tokens, phase), targets: batch.labels)
///       }
///     }
public struct Trainer<Model: Module>: Sendable {
  public private(set) var model: Model
  public private(set) var optimizer: Optimizer
  public private(set) var schedule: RateSchedule
  public let clipping: GradientClipping
  private let key: RandomKey

  /// - Parameter key: of all random numbers of training; those of a step depend on it and the step's number alone.
  public init(
    model: Model, optimizer: Optimizer, schedule: RateSchedule = RateSchedule(),
    clipping: GradientClipping = GradientClipping(), key: RandomKey
  ) {
    (self.model, self.optimizer, self.schedule, self.clipping, self.key) = (model, optimizer, schedule, clipping, key)
  }

  /// Puts back a model, an optimiser and what the schedule remembers from a checkpoint.
  public mutating func restore(model: Model, optimizer: Optimizer, plateau: PlateauReduction.Memory? = nil) {
    self.model = model
    self.optimizer = optimizer
    schedule.restore(plateau)
  }

  /// Tells the schedule how good the model is now: at the end of an epoch, usually.
  public mutating func judge(_ value: Double) { schedule.take(value) }

  /// The learning rate of the last step; before the first, that of the first.
  public var learningRate: Double {
    optimizer.configuration.learningRate * schedule.factor(at: max(1, optimizer.stepCount))
  }

  /// One update from one or more micro-batches (gradient accumulation).
  ///
  /// The gradient is that of the mean loss over all examples: micro-batches count by their sizes.
  /// - Parameters:
  ///   - microBatches: each with its number of examples.
  ///   - loss: the mean loss of a micro-batch, a tensor of one number.
  /// - Throws: `Failure` of kind `diverged`, naming the step and the first parameter at fault; the model is then what
  ///   it was before the step.
  public mutating func step<Batch>(
    on microBatches: [(batch: Batch, count: Int)], loss: (Model, Batch, Phase) throws -> Tensor
  ) throws -> StepReport {
    let number = optimizer.stepCount + 1
    let total = microBatches.reduce(0) { $0 + $1.count }
    let names = model.parameters.map(\.name)
    var meanLoss = 0.0
    var sum: Gradients?
    for (index, (batch, count)) in microBatches.enumerated() {
      let phase = Phase.training(key.derived(number).derived(index))
      let (value, gradients) = try valueAndGradient(of: model) { try loss($0, batch, phase) }
      let share = Double(count) / Double(total)
      meanLoss += value.scalar * share
      sum =
        sum.map { $0.adding(gradients, scale: share, order: names) }
        ?? (share == 1 ? gradients : gradients.scaled(by: share))
    }
    guard let gradients = sum else { preconditionFailure("a step needs at least one micro-batch") }
    let clipped = clipping.applied(to: gradients)
    guard meanLoss.isFinite, clipped.norm.isFinite else { throw divergence(number, meanLoss, gradients) }
    optimizer.update(&model, clipped.gradients, scale: clipped.scale, rateFactor: schedule.factor(at: number))
    return StepReport(
      step: number, loss: meanLoss, gradientNorm: clipped.norm, learningRate: learningRate, exampleCount: total)
  }

  private func divergence(_ step: Int, _ loss: Double, _ gradients: Gradients) -> Failure {
    let parameter = model.parameters.first { !$0.tensor.isFinite }?.name
    let place =
      if let parameter {
        "the parameter \(parameter) is not finite"
      } else if let name = gradients.firstNonFinite {
        "the gradient of \(name) is not finite"
      } else {
        "the gradient of \(gradients.largest ?? "the model") is too large"
      }
    return Failure(
      .diverged, "training diverged at step \(step): the loss is \(loss.isNaN ? "not a number" : "\(loss)"), \(place)",
      advice: "Try a smaller learning rate or gradient clipping; checkpoints written before are kept.")
  }
}
