// The learning rate as it is.

/// 1 at every step.
public struct ConstantSchedule: Schedule {
  public init() {}

  public func factor(at step: Int) -> Double { 1 }
}
