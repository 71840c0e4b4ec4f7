// Texts as characters, and streams of them.

import EnsueData
import EnsueFiles
import Foundation
import Testing

@Suite struct CharacterTextTests {
  @Test(arguments: [
    "a", "hello\n", "naïve — 日本語 🎬\u{10FFFF}\u{7F}\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}", "e\u{301}\r\n",
  ])
  func scalars(_ text: String) throws {
    try withFile(Array(text.utf8)) { path in
      let read = try CharacterText(contentsOf: path)
      #expect(read.values == text.unicodeScalars.map(\.value))
      #expect(read.replacedBytes == 0 && read.file.bytes == text.utf8.count)
    }
  }

  @Test func byteOrderMarkAndLatin1() throws {
    try withFile([0xEF, 0xBB, 0xBF, 0x61]) { path in
      let read = try CharacterText(contentsOf: path)
      #expect(read.values == [0x61])
    }
    try withFile([0x61, 0xE9]) { path in
      #expect(try CharacterText(contentsOf: path, encoding: .latin1).values == [0x61, 0xE9])
      let replaced = try CharacterText(contentsOf: path, badBytes: .replace)
      #expect(replaced.values == [0x61, 0xFFFD] && replaced.replacedBytes == 1)
    }
  }

  @Test(
    arguments: [
      ([], "empty"), ([0x61, 0xFF], "UTF-8"), ([0x61, 0x00], "NUL"), ([0xFF, 0xFE, 0x61, 0x00], "UTF-16"),
      ([0xEF, 0xBB, 0xBF], "empty"),
    ] as [([UInt8], String)])
  func refused(_ bytes: [UInt8], _ word: String) throws {
    try withFile(bytes) { path in
      let failure = #expect(throws: Failure.self) { try CharacterText(contentsOf: path) }
      #expect(failure?.kind == .data && failure?.description.contains(word) == true, "\(failure?.description ?? "")")
    }
  }

  @Test(arguments: [(1, 0.5, 1), (2, 0.001, 1), (2, 0.999, 1), (10, 0.1, 9), (10, 0.25, 7), (1000, 0.1, 900)])
  func validationStart(_ count: Int, _ fraction: Double, _ start: Int) throws {
    try withFile([UInt8](repeating: 0x61, count: count)) { path in
      let text = try CharacterText(contentsOf: path)
      #expect(text.validationStart(fraction: fraction) == start)
    }
  }

  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let path = NSTemporaryDirectory() + "ensue-text-" + UUID().uuidString
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}

@Suite struct TokenStreamTests {
  /// Every size of text, number of streams and length of segments in a range.
  @Test(arguments: 2...40) func laws(_ count: Int) {
    let ids = (0..<count).map { Int32($0) }
    for streamCount in 1..<count {
      for stepCount in 1...8 {
        let streams = TokenStreams(ids, streamCount: streamCount, stepCount: stepCount)
        let segments = (0..<streams.segmentCount).map { streams.segment($0) }
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

  @Test func aStreamGoesOnWhereItsSegmentEnded() {
    let streams = TokenStreams((0..<101).map { Int32($0) }, streamCount: 4, stepCount: 7)
    for index in 1..<streams.segmentCount {
      let (before, after) = (streams.segment(index - 1), streams.segment(index))
      for (last, first) in zip(before.targets, after.inputs) { #expect(last.last == first.first) }
    }
  }
}
