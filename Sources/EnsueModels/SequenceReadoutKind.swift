// Where a model of sequences of vectors answers.

/// The steps at which a sequence model gives an answer.
public enum SequenceReadoutKind: String, Codable, CaseIterable, Sendable {
  /// One answer after the last step.
  case last
  /// One at every step.
  case everyStep = "every-step"
}
