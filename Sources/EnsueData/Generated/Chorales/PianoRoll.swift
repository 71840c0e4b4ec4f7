// A piece of music on a grid of time: which keys sound at each step.

/// The keys of each step of a piece.
public struct PianoRoll: Sendable, Equatable {
  public let steps: [PianoKeys]

  /// - Precondition: there are at least two steps, so that there is one to predict.
  public init(_ steps: [PianoKeys]) {
    precondition(steps.count >= 2, "PianoRoll: \(steps.count) steps, two are needed")
    self.steps = steps
  }

  /// The prediction of each step from those before it: the inputs are all steps but the last, the answers all but the
  /// first.
  public var nextStepExample: SequenceExample {
    let rows = steps.flatMap(\.multiHot)
    return SequenceExample(
      inputSize: PianoKeys.count, inputs: Array(rows.dropLast(PianoKeys.count)),
      target: .multiHot(Array(rows.dropFirst(PianoKeys.count))), judged: 0..<(steps.count - 1))
  }
}
