// Schedules one after another.

/// A schedule for its first steps, then another whose own steps begin with 1: a warm-up, then a decay.
public struct SequenceSchedule: Schedule {
  public let first: any Schedule
  /// How many steps are the first's.
  public let steps: Int
  public let second: any Schedule

  public init(_ first: any Schedule, steps: Int, then second: any Schedule) {
    precondition(steps >= 0, "SequenceSchedule: \(steps) steps")
    (self.first, self.steps, self.second) = (first, steps, second)
  }

  public func factor(at step: Int) -> Double {
    step <= steps ? first.factor(at: step) : second.factor(at: step - steps)
  }
}
