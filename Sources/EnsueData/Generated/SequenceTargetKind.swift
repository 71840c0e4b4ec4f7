// What a sequence task asks for, and where in the sequence.

/// The shape of a task's answers; it decides the output layer and the loss.
public enum SequenceTargetKind: String, Codable, CaseIterable, Sendable {
  /// One number after the last step.
  case numberAtEnd = "number-at-end"
  /// One class after the last step.
  case classAtEnd = "class-at-end"
  /// One symbol at every step.
  case symbolAtEveryStep = "symbol-at-every-step"
  /// Several independent yes-or-no answers at every step.
  case multiHotAtEveryStep = "multi-hot-at-every-step"

  /// The loss of this kind, as tables call it; the unit of `SequenceBaseline.loss`.
  public var lossName: String {
    switch self {
    case .numberAtEnd: "squared error"
    case .classAtEnd: "cross-entropy in nats"
    case .symbolAtEveryStep: "cross-entropy in nats per step"
    case .multiHotAtEveryStep: "negative log-likelihood in nats per step"
    }
  }

  /// Whether every step has an answer, rather than the sequence as a whole.
  public var isAtEveryStep: Bool {
    switch self {
    case .numberAtEnd, .classAtEnd: false
    case .symbolAtEveryStep, .multiHotAtEveryStep: true
    }
  }
}
