// What a recurrent model reads in one step of training.

/// Inputs and targets of some steps of every stream; the targets are the ids that follow the inputs.
public struct TokenSegment: Sendable, Equatable {
  /// For each stream, longest first.
  public let inputs: [[Int32]]
  public let targets: [[Int32]]

  /// The number of targets.
  public var count: Int { targets.reduce(0) { $0 + $1.count } }
}
