// Schedules one upon another.

/// The product of the factors of two schedules: a warm-up upon a decay that counts from the same first step.
public struct ProductSchedule: Schedule {
  public let first: any Schedule
  public let second: any Schedule

  public init(_ first: any Schedule, _ second: any Schedule) { (self.first, self.second) = (first, second) }

  public func factor(at step: Int) -> Double { first.factor(at: step) * second.factor(at: step) }
}
