// When to stop, and which weights to keep.

/// Watches a number that training should improve.
public struct EarlyStopping: Sendable, Equatable {
  public enum Verdict: Sendable { case improved, stalled, exhausted }

  public let higherIsBetter: Bool
  /// Epochs without improvement after which training stops.
  public let patience: Int
  public private(set) var best: Double?
  public private(set) var bestEpoch = 0
  public private(set) var stalledEpochs = 0

  /// The last three say where a resumed run stands.
  public init(
    higherIsBetter: Bool, patience: Int, best: Double? = nil, bestEpoch: Int = 0, stalledEpochs: Int = 0
  ) {
    (self.higherIsBetter, self.patience) = (higherIsBetter, patience)
    (self.best, self.bestEpoch, self.stalledEpochs) = (best, bestEpoch, stalledEpochs)
  }

  public var isExhausted: Bool { stalledEpochs >= patience }

  /// Takes the value of an epoch. A NaN is never an improvement.
  public mutating func take(_ value: Double, epoch: Int) -> Verdict {
    let isBetter = !value.isNaN && (best.map { higherIsBetter ? value > $0 : value < $0 } ?? true)
    if isBetter {
      best = value
      bestEpoch = epoch
      stalledEpochs = 0
      return .improved
    }
    stalledEpochs += 1
    return isExhausted ? .exhausted : .stalled
  }
}
