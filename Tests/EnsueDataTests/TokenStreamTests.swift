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

  /// Every id is what it was, but for the targets that are of another document.
  @Test(arguments: 2...20) func documentsAreKeptApart(_ count: Int) throws {
    let ids = (0..<count).map { Int32($0) }
    let starts = [0] + (1..<count).filter { [1, 4].contains($0 * $0 % 9) }
    let source = TokenArray(ids, documentStarts: starts)
    for streamCount in 1..<count {
      for stepCount in 1...5 {
        let whole = TokenStreams(source, streamCount: streamCount, stepCount: stepCount)
        let apart = TokenStreams(source, streamCount: streamCount, stepCount: stepCount, isWithinDocuments: true)
        try #require(whole.segmentCount == apart.segmentCount)
        for index in 0..<whole.segmentCount {
          try checkDocuments(starts.map { Int32($0) }, whole.segment(index), apart.segment(index))
        }
      }
    }
  }

  /// Ids are positions here.
  private func checkDocuments(_ starts: [Int32], _ whole: TokenSegment, _ apart: TokenSegment) throws {
    #expect(apart.inputs.flatMap { $0 } == whole.inputs.flatMap { $0 })
    #expect(apart.targets.flatMap { $0 } == whole.targets.flatMap { $0 }.map { starts.contains($0) ? -1 : $0 })
    #expect(apart.inputs.map(\.count) == apart.targets.map(\.count) && apart.count == whole.count)
    #expect(apart.origins.count == apart.inputs.count && apart.ends.count == whole.inputs.count)
    for (inputs, origin) in zip(apart.inputs, apart.origins) {
      let first = try #require(inputs.first)
      #expect((origin == nil) == starts.contains(first))
      #expect(origin.map { whole.inputs[$0].first == first } ?? true)
      #expect(!inputs.dropFirst().contains { starts.contains($0) })
    }
    for (stream, end) in apart.ends.enumerated() { #expect(apart.inputs[end].last == whole.inputs[stream].last) }
    #expect(Array(whole.origins.indices) == whole.origins.map { $0 ?? -1 } && whole.ends == Array(whole.inputs.indices))
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
