// A point of the learning curves that a report draws.

/// One epoch of a learning curve.
public struct CurvePoint: Sendable, Equatable {
  public let epoch: Int
  /// The mean training loss of the epoch.
  public let trainingLoss: Double
  /// The loss on the validation split, where there is one.
  public let validationLoss: Double?
  /// The accuracy on the validation split, where there is one.
  public let validationAccuracy: Double?
  /// After the epoch, of a model that draws what it reads.
  public let drawVariance: DrawVariance?

  public init(
    epoch: Int, trainingLoss: Double, validationLoss: Double?, validationAccuracy: Double?,
    drawVariance: DrawVariance? = nil
  ) {
    self.epoch = epoch
    self.trainingLoss = trainingLoss
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
    self.drawVariance = drawVariance
  }
}
