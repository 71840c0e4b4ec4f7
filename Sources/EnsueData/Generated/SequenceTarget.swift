// The right answer to one sequence.

/// The answer a model should give.
public enum SequenceTarget: Sendable, Equatable {
  /// The number after the last step.
  case number(Float)
  /// The class after the last step, in `0..<outputSize`.
  case classIndex(Int32)
  /// A symbol for each step, in `0..<outputSize`.
  case symbols([Int32])
  /// [length, outputSize], zeros and ones, step after step.
  case multiHot([Float])

  public var kind: SequenceTargetKind {
    switch self {
    case .number: .numberAtEnd
    case .classIndex: .classAtEnd
    case .symbols: .symbolAtEveryStep
    case .multiHot: .multiHotAtEveryStep
    }
  }
}
