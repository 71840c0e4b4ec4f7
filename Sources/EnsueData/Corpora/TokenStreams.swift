// A long text as streams that are read side by side, in segments: the data of truncated back-propagation through time.

/// A text cut into consecutive streams of equal length; the first ones are longer by one where it does not divide.
///
/// Every id but the first is a target once, every id but the last an input once: the inputs of all segments of all
/// streams, one stream after another, are the text. A stream's segment goes on where its one before ended, so states
/// can be carried from segment to segment. Streams go on over the ends of documents, or are cut there (`TokenSegment`).
public struct TokenStreams: Sendable {
  public let streamCount: Int
  /// Steps of a segment; the last one takes what is left, and one more in the longer streams.
  public let stepCount: Int
  private let source: any TokenSource
  /// Where streams are cut, rising.
  private let documentStarts: [Int]

  /// - Parameter isWithinDocuments: whether a stream is cut where documents begin. Takes 8 bytes of memory a document.
  /// - Precondition: more ids than streams, so that every stream has a target.
  public init(_ source: some TokenSource, streamCount: Int, stepCount: Int, isWithinDocuments: Bool = false) {
    precondition(
      streamCount > 0 && stepCount > 0 && source.count > streamCount, "\(streamCount) streams of \(source.count) ids")
    (self.source, self.streamCount, self.stepCount) = (source, streamCount, stepCount)
    documentStarts = isWithinDocuments ? source.documentStarts : []
  }

  /// Streams of ids in memory.
  public init(_ ids: [Int32], streamCount: Int, stepCount: Int) {
    self.init(TokenArray(ids), streamCount: streamCount, stepCount: stepCount)
  }

  /// The number of targets of all streams.
  public var targetCount: Int { source.count - 1 }
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
  /// - Throws: `Failure` where a file of the source no longer gives what it held; never for ids in memory.
  public func segment(_ index: Int) throws -> TokenSegment {
    precondition((0..<segmentCount).contains(index), "segment \(index) of \(segmentCount)")
    var segment = TokenSegment()
    for stream in 0..<streamCount {
      let whole = range(ofStream: stream)
      let start = whole.lowerBound + index * stepCount
      let end = index == segmentCount - 1 ? whole.upperBound : start + stepCount
      segment.append(try source.tokens(start..<end + 1), documents: documents(in: start...end))
    }
    return segment
  }

  /// Where documents begin, counted from the first of some positions.
  private func documents(in range: ClosedRange<Int>) -> [Int] {
    var (low, high) = (0, documentStarts.count)
    while low < high {
      let middle = (low + high) / 2
      if documentStarts[middle] < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    return documentStarts[low...].prefix { $0 <= range.upperBound }.map { $0 - range.lowerBound }
  }
}
