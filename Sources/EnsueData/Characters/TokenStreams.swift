// A long text as streams that are read side by side, in segments: the data of truncated back-propagation through time.

/// Inputs and targets of some steps of every stream; the targets are the ids that follow the inputs.
public struct TokenSegment: Sendable, Equatable {
  /// For each stream, longest first.
  public let inputs: [[Int32]]
  public let targets: [[Int32]]

  /// The number of targets.
  public var count: Int { targets.reduce(0) { $0 + $1.count } }
}

/// A text cut into consecutive streams of equal length; the first ones are longer by one where it does not divide.
///
/// Every id but the first is a target once, every id but the last an input once: the inputs of all segments of all
/// streams, one stream after another, are the text. A stream's segment goes on where its one before ended, so states
/// can be carried from segment to segment.
public struct TokenStreams: Sendable {
  public let streamCount: Int
  /// Steps of a segment; the last one takes what is left, and one more in the longer streams.
  public let stepCount: Int
  private let ids: [Int32]

  /// - Precondition: more ids than streams, so that every stream has a target.
  public init(_ ids: [Int32], streamCount: Int, stepCount: Int) {
    precondition(
      streamCount > 0 && stepCount > 0 && ids.count > streamCount, "\(streamCount) streams of \(ids.count) ids")
    (self.ids, self.streamCount, self.stepCount) = (ids, streamCount, stepCount)
  }

  /// The number of targets of all streams.
  public var targetCount: Int { ids.count - 1 }
  /// The steps of the shorter streams.
  private var shortLength: Int { targetCount / streamCount }
  private var longerStreams: Int { targetCount % streamCount }

  /// How many segments the streams have.
  public var segmentCount: Int { (shortLength + stepCount - 1) / stepCount }

  /// Where the inputs of a stream stand in the text.
  public func range(ofStream stream: Int) -> Range<Int> {
    let start = stream * shortLength + min(stream, longerStreams)
    return start..<start + shortLength + (stream < longerStreams ? 1 : 0)
  }

  /// A segment, from 0 on.
  public func segment(_ index: Int) -> TokenSegment {
    precondition((0..<segmentCount).contains(index), "segment \(index) of \(segmentCount)")
    let ranges = (0..<streamCount).map { stream in
      let whole = range(ofStream: stream)
      let start = whole.lowerBound + index * stepCount
      return start..<(index == segmentCount - 1 ? whole.upperBound : start + stepCount)
    }
    return TokenSegment(
      inputs: ranges.map { Array(ids[$0]) },
      targets: ranges.map { Array(ids[$0.lowerBound + 1..<$0.upperBound + 1]) })
  }
}
