// A pair of sentences as ids.

/// Ids of a pair, the target without beginning and end.
public struct EncodedPair: Sendable, Equatable {
  public var source: [Int32]
  public var target: [Int32]

  public init(source: [Int32], target: [Int32]) {
    (self.source, self.target) = (source, target)
  }
}
