// Streams of texts.

import EnsueData
import EnsueFiles
import Testing

@Suite struct TokenStreamTests {
  /// Every size of text, number of streams and length of segments in a range.
  @Test(arguments: 2...40) func laws(_ count: Int) throws {
    let ids = (0..<count).map { Int32($0) }
    for streamCount in 1..<count {
      for stepCount in 1...8 {
        let streams = TokenStreams(ids, streamCount: streamCount, stepCount: stepCount)
        let segments = try (0..<streams.segmentCount).map { try streams.segment($0) }
        check(segments, ids, streamCount, stepCount)
        #expect(segments.reduce(0) { $0 + $1.count } == streams.targetCount)
        for stream in 0..<streamCount {
          let inputs = segments.flatMap { $0.inputs[stream] }
          #expect(inputs == Array(ids[streams.range(ofStream: stream)]))
        }
      }
    }
  }

  private func check(_ segments: [TokenSegment], _ ids: [Int32], _ streamCount: Int, _ stepCount: Int) {
    // One stream after another, the inputs are the text without its end, the targets without its beginning.
    #expect((0..<streamCount).flatMap { stream in segments.flatMap { $0.inputs[stream] } } == Array(ids.dropLast()))
    #expect((0..<streamCount).flatMap { stream in segments.flatMap { $0.targets[stream] } } == Array(ids.dropFirst()))
    for (index, segment) in segments.enumerated() {
      let lengths = segment.inputs.map(\.count)
      #expect(lengths == segment.targets.map(\.count) && lengths.count == streamCount)
      // Longest first, so that a packed batch keeps the order and states stay with their streams.
      #expect(lengths == lengths.sorted(by: >) && lengths.allSatisfy { $0 > 0 })
      let isLast = index == segments.count - 1
      #expect(lengths.allSatisfy { isLast ? $0 <= stepCount + 1 : $0 == stepCount })
    }
  }

  @Test func aStreamGoesOnWhereItsSegmentEnded() throws {
    let streams = TokenStreams((0..<101).map { Int32($0) }, streamCount: 4, stepCount: 7)
    for index in 1..<streams.segmentCount {
      let (before, after) = (try streams.segment(index - 1), try streams.segment(index))
      for (last, first) in zip(before.targets, after.inputs) { #expect(last.last == first.first) }
    }
  }

  @Test func shardsGiveTheStreamsOfAnArray() throws {
    let ids = (0..<257).map { Int32($0 * 7 % 61) }
    try TestFiles.with([:]) { directory in
      let corpus = try CorpusFiles.write([ids], to: "\(directory)/corpus", vocabularySize: 61, shardTokens: 10)
      let (some, other) = (
        TokenStreams(ids, streamCount: 5, stepCount: 9), TokenStreams(corpus, streamCount: 5, stepCount: 9)
      )
      #expect(some.segmentCount == other.segmentCount)
      for index in 0..<some.segmentCount { #expect(try some.segment(index) == other.segment(index)) }
    }
  }
}
