// The cache is used when it is right and never when it is wrong.

import EnsueFiles
import EnsueText
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct WordVectorCacheTests {
  static let content = "the 0.5 1 -2\ncaf\u{E9} 1 2 3\n. . 4 5 6\nthe 7 8 9\n\n"

  static func check(_ vectors: WordVectors) {
    #expect((0..<vectors.count).map { text(vectors.words[$0]) } == ["the", "caf\u{E9}", ". ."])
    #expect(vectors.values == [0.5, 1, -2, 1, 2, 3, 4, 5, 6])
    #expect(vectors.words.find(Array(". .".utf8)) == 2 && vectors.words.find([1]) == nil)
    let report = vectors.report
    #expect(report.rows == 4 && report.words == 3 && report.duplicates == 1 && report.blankLines == 1)
    #expect(report.format == .glove && report.bytes == content.utf8.count)
  }

  @Test func hit() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorCacheTests.content)
    let first = try WordVectors(contentsOf: path)
    #expect(first.report.cache == .written)
    WordVectorCacheTests.check(first)
    let second = try WordVectors(contentsOf: path)
    #expect(second.report.cache == .read)
    WordVectorCacheTests.check(second)
    #expect(second.words == first.words && second.report.description.hasSuffix("; from the cache"))
    #expect(try WordVectors(contentsOf: path, options: .init(usesCache: false)).report.cache == .unused)
    #expect(try InputFile.names(in: folder.path) == ["vectors.txt", "vectors.txt.ensue-vectors"])
  }

  @Test func staleCachesAreReplaced() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorCacheTests.content)
    _ = try WordVectors(contentsOf: path)
    // The same size, another content.
    _ = try folder.write(WordVectorCacheTests.content.replacing(UInt8(ascii: "9"), with: UInt8(ascii: "8")))
    #expect(try WordVectors(contentsOf: path).report.cache == .replaced("the text has changed"))
    _ = try folder.write("x 1 2\n")
    let changed = try WordVectors(contentsOf: path)
    #expect(changed.report.cache == .replaced("the text has changed") && changed.values == [1, 2])
    #expect(changed.report.description.hasSuffix("; cache replaced (the text has changed)"))
    #expect(try WordVectors(contentsOf: path).report.cache == .read)
    let last = WordVectorOptions(duplicates: .last)
    #expect(
      try WordVectors(contentsOf: path, options: last).report.cache == .replaced("it was made with other choices"))
    #expect(try WordVectors(contentsOf: path, options: last).report.cache == .read)
    #expect(throws: Failure.self) { try WordVectors(contentsOf: path, options: .init(dimension: 5, duplicates: .last)) }
    #expect(throws: Failure.self) {
      try WordVectors(contentsOf: folder.write("a 1\nb 2\n"), options: .init(rowLimit: 1))
    }
  }

  @Test func damagedCachesAreReplaced() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorCacheTests.content)
    let cache = path + ".ensue-vectors"
    _ = try WordVectors(contentsOf: path)
    let whole = try InputFile.contents(of: cache)
    var variants = stride(from: 0, to: whole.count, by: 7).map { Array(whole[..<$0]) }
    variants += [
      whole + [0], Array(whole.dropLast()), Array(whole.reversed()), [UInt8](repeating: 0xFF, count: whole.count),
    ]
    for index in whole.indices {
      var changed = whole
      changed[index] ^= 1 << UInt8(index % 8)
      variants.append(changed)
      if index < 128 {
        changed[index] = 0xFF
        variants.append(changed)
      }
    }
    for variant in variants where variant != whole {
      try TemporaryFolder.writeQuickly(variant, to: cache)
      let vectors = try WordVectors(contentsOf: path)
      guard case .replaced = vectors.report.cache, vectors.values == [0.5, 1, -2, 1, 2, 3, 4, 5, 6] else {
        Issue.record("\(vectors.report)")
        return
      }
      guard try InputFile.contents(of: cache) == whole else {
        Issue.record("the cache was not replaced")
        return
      }
    }
  }

  /// The reader's limits hold even when the cache's own digest is right.
  @Test func wrongNumbersWithTheRightDigestAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorCacheTests.content)
    let cache = path + ".ensue-vectors"
    _ = try WordVectors(contentsOf: path)
    let whole = try InputFile.contents(of: cache)
    for word in 0..<(whole.count - 16) / 8 {
      for value in [0, 1, 2, 5, 1 << 20, 1 << 40, UInt64.max, 1 << 63] as [UInt64] {
        // The magic number, the digests and the values may be anything; a changed value is simply another value.
        if (16 + 4 + 16)..<(whole.count / 8) ~= word { continue }
        var changed = whole
        for byte in 0..<8 { changed[word * 8 + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
        let own = Digest(of: Array(changed.dropLast(16)))
        changed.replaceSubrange(
          (changed.count - 16)...,
          with: [own.high, own.low].flatMap { number in
            withUnsafeBytes(of: number) { Array($0) }
          })
        try TemporaryFolder.writeQuickly(changed, to: cache)
        let vectors = try WordVectors(contentsOf: path)
        for id in 0..<vectors.count { _ = vectors.vector(of: vectors.words[id]) }
        guard vectors.values.count == vectors.count * vectors.dimension else {
          Issue.record("word \(word) as \(value)")
          return
        }
      }
    }
  }

  @Test func placesThatCannotBeWrittenCostOnlyTheCache() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorCacheTests.content)
    #expect(mkdir(path + ".ensue-vectors", 0o755) == 0)
    let vectors = try WordVectors(contentsOf: path)
    WordVectorCacheTests.check(vectors)
    guard case .unwritable(let reason) = vectors.report.cache else {
      Issue.record("\(vectors.report)")
      return
    }
    #expect(reason.contains("cannot be created"))
    #expect(vectors.report.description.contains("; no cache ("))
    #expect(try InputFile.names(in: folder.path) == ["vectors.txt", "vectors.txt.ensue-vectors"])
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may write everywhere"))
  func readOnlyFolders() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorCacheTests.content)
    chmod(folder.path, 0o555)
    let vectors = try WordVectors(contentsOf: path)
    WordVectorCacheTests.check(vectors)
    guard case .unwritable = vectors.report.cache else {
      Issue.record("\(vectors.report)")
      return
    }
  }

  @Test func binariesNeedNone() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(WordVectorFormatTests.binary(lineFeeds: true))
    #expect(try WordVectors(contentsOf: path).report.cache == .unused)
    #expect(try InputFile.names(in: folder.path) == ["vectors.txt"])
  }
}

extension String {
  /// The text with one ASCII byte for another.
  fileprivate func replacing(_ byte: UInt8, with other: UInt8) -> String {
    text(utf8.map { $0 == byte ? other : $0 })
  }
}
