// A learning rate that falls when a model no longer gets better (as PyTorch's ReduceLROnPlateau).

/// A factor that is multiplied by γ, down to a minimum, whenever the validated number did not improve for so many
/// epochs. An improvement is one by more than a share of 10⁻⁴ of the best.
public struct PlateauReduction: Sendable, Equatable {
  /// What a checkpoint holds.
  public struct Memory: Sendable, Equatable {
    public var factor: Double
    public var best: Double?
    public var stalledEpochs: Int

    public init(factor: Double = 1, best: Double? = nil, stalledEpochs: Int = 0) {
      (self.factor, self.best, self.stalledEpochs) = (factor, best, stalledEpochs)
    }
  }

  public let higherIsBetter: Bool
  /// Epochs without improvement after which the factor falls.
  public let patience: Int
  /// γ.
  public let ratio: Double
  public let minimum: Double
  public var memory = Memory()

  private static let threshold = 1e-4

  public init(higherIsBetter: Bool, patience: Int, ratio: Double, minimum: Double = 0) {
    precondition(patience > 0 && ratio > 0 && ratio <= 1, "PlateauReduction: patience \(patience), ratio \(ratio)")
    (self.higherIsBetter, self.patience, self.ratio, self.minimum) = (higherIsBetter, patience, ratio, minimum)
  }

  public var factor: Double { memory.factor }

  /// Takes the value of an epoch. A NaN is never an improvement.
  public mutating func take(_ value: Double) {
    if isImprovement(value) {
      (memory.best, memory.stalledEpochs) = (value, 0)
      return
    }
    memory.stalledEpochs += 1
    guard memory.stalledEpochs >= patience else { return }
    (memory.factor, memory.stalledEpochs) = (max(minimum, memory.factor * ratio), 0)
  }

  private func isImprovement(_ value: Double) -> Bool {
    guard let best = memory.best else { return !value.isNaN }
    let margin = abs(best) * PlateauReduction.threshold
    return higherIsBetter ? value > best + margin : value < best - margin
  }
}
