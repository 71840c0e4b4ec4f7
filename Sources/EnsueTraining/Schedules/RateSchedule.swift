// The schedule of a training run: what the step says, and what validation has said.

/// Factors of the learning rate by step, and their reduction where the model no longer gets better.
public struct RateSchedule: Sendable {
  private let base: any Schedule
  /// Where validation has a say.
  public private(set) var plateau: PlateauReduction?

  public init(_ base: any Schedule = ConstantSchedule(), plateau: PlateauReduction? = nil) {
    (self.base, self.plateau) = (base, plateau)
  }

  /// The factor at step 1, 2, …, as things stand.
  public func factor(at step: Int) -> Double { base.factor(at: step) * (plateau?.factor ?? 1) }

  /// Takes the number by which an epoch is judged.
  public mutating func take(_ value: Double) { plateau?.take(value) }

  /// Takes up what a checkpoint holds.
  public mutating func restore(_ memory: PlateauReduction.Memory?) {
    if let memory { plateau?.memory = memory }
  }
}
