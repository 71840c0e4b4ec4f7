// What a training run gave.

/// A validation in the course of training.
public struct SequenceCurvePoint: Sendable, Equatable {
  public let step: Int
  /// The mean loss of the steps since the last point, regularisers left out; NaN before the first step.
  public let trainingLoss: Double
  public let validationLoss: Double
  /// The share of judged answers that are right; nil where answers are not right or wrong.
  public let accuracy: Double?
}

/// A model after training.
public struct SequenceTrainingResult<Model: Sendable>: Sendable {
  /// As it was at the end.
  public let model: Model
  /// At the beginning, and after every interval.
  public let curve: [SequenceCurvePoint]
  /// The step after which the goal was reached.
  public let solvedStep: Int?
  /// The step at which a number was not finite, which ended training.
  public let divergedStep: Int?
  /// The largest gradient norm of a step, before clipping.
  public let largestGradientNorm: Double

  /// The point of the lowest validation loss.
  public var best: SequenceCurvePoint {
    curve.dropFirst().reduce(curve[0]) {
      $1.validationLoss < $0.validationLoss || !$0.validationLoss.isFinite ? $1 : $0
    }
  }
}
