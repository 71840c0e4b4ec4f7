// How the learning rate changes from step to step.

/// A factor of the learning rate for every step; a pure function, so that a resumed run needs nothing but its step.
public protocol Schedule: Sendable {
  /// The factor at step 1, 2, ….
  func factor(at step: Int) -> Double
}
