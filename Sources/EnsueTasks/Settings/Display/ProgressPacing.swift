// When a progress line is due.

/// Lets through at most one event per interval.
package struct ProgressPacing: Sendable {
  package let interval: Double
  private var next: Double

  /// - Parameters:
  ///   - interval: in seconds.
  ///   - first: when the first event is due, in seconds.
  package init(interval: Double, first: Double = 0) {
    self.interval = interval
    next = first
  }

  /// Whether an event at `time`, in seconds of any clock that never goes back, may pass.
  package mutating func isDue(at time: Double) -> Bool {
    guard time >= next else { return false }
    next = time + interval
    return true
  }
}
