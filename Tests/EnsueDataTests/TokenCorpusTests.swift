// Token ids in shards: what goes in comes out, whatever the size of a shard.

import Dispatch
import EnsueData
import EnsueFiles
import Synchronization
import Testing

@Suite struct TokenCorpusTests {
  @Test(arguments: [(7, 1), (7, 3), (256, 64), (65_536, 100), (65_537, 100), (2_000_000_000, 7)])
  func roundTrip(_ vocabularySize: Int, _ shardTokens: Int) throws {
    let sizes = [5, 1, 100, 0, 64, 33, 1]
    let documents = sizes.map {
      CorpusFiles.ids($0, below: vocabularySize) + ($0 > 1 ? [Int32(vocabularySize - 1)] : [])
    }
    let ids = Array(documents.joined())
    try TestFiles.with([:]) { directory in
      let corpus = try CorpusFiles.write(
        documents, to: "\(directory)/c", vocabularySize: vocabularySize, shardTokens: shardTokens)
      #expect(corpus.count == ids.count && corpus.vocabularySize == vocabularySize)
      // Ids that come from nobody knows where.
      #expect(corpus.index.text == nil)
      #expect(try corpus.tokens(0..<ids.count) == ids)
      #expect(corpus.index.shards.count == (ids.count + shardTokens - 1) / shardTokens)
      for start in 0..<ids.count {
        for end in [start, start + 1, (start + ids.count) / 2, ids.count] where end <= ids.count {
          #expect(try corpus.tokens(start..<end) == Array(ids[start..<end]))
        }
      }
      // Documents without ids are none.
      let lengths = documents.map(\.count).filter { $0 > 0 }
      #expect(corpus.documentStarts == lengths.indices.map { lengths[..<$0].reduce(0, +) })
      #expect(corpus.index.documentCount == lengths.count)
      let word = vocabularySize <= 65_536 ? 2 : 4
      let first = try InputFile("\(directory)/c/shard-00000.tokens").size
      let count = min(shardTokens, ids.count)
      let begun = corpus.documentStarts.filter { $0 < count }.count
      #expect(first == 80 + (count * word + 3) / 4 * 4 + 4 * begun)
    }
  }

  @Test func piecesOfADocumentAreOneDocument() throws {
    try TestFiles.with([:]) { directory in
      var writer = try TokenCorpusWriter("\(directory)/c", vocabularySize: 10, shardTokens: 4)
      for id in 0..<10 { try writer.append([Int32(id)]) }
      _ = try writer.finish()
      let corpus = try TokenCorpus(contentsOf: "\(directory)/c")
      #expect(corpus.documentStarts == [0] && corpus.index.shards.map(\.documentCount) == [1, 0, 0])
      #expect(try corpus.tokens(2..<9) == [2, 3, 4, 5, 6, 7, 8])
    }
  }

  @Test func theDigestNamesTheIDs() throws {
    try TestFiles.with([:]) { directory in
      let ids = CorpusFiles.ids(100, below: 50)
      let first = try CorpusFiles.write([ids], to: "\(directory)/a", vocabularySize: 50)
      let second = try CorpusFiles.write([ids], to: "\(directory)/b", vocabularySize: 50)
      let other = try CorpusFiles.write([ids.reversed()], to: "\(directory)/c", vocabularySize: 50)
      let wider = try CorpusFiles.write([ids], to: "\(directory)/d", vocabularySize: 51)
      #expect(first.digest == second.digest && first.digest != other.digest && first.digest != wider.digest)
    }
  }

  @Test func anyNumberOfThreadsReads() throws {
    let ids = CorpusFiles.ids(100_000, below: 1000)
    try TestFiles.with([:]) { directory in
      let corpus = try CorpusFiles.write([ids], to: "\(directory)/c", vocabularySize: 1000, shardTokens: 999)
      let windows = TokenWindows(corpus, length: 50, isWithinDocuments: false, seed: 3)
      let expected = TokenWindows(TokenArray(ids), length: 50, isWithinDocuments: false, seed: 3)
      let wrongCount = Mutex(0)
      DispatchQueue.concurrentPerform(iterations: windows.count) { index in
        let (found, wanted) = (try? windows.window(index, epoch: 0), try? expected.window(index, epoch: 0))
        if found?.inputs != wanted?.inputs || found?.targets != wanted?.targets || found == nil {
          wrongCount.withLock { $0 += 1 }
        }
      }
      #expect(wrongCount.withLock { $0 } == 0)
    }
  }

  @Test func aWriterThatIsGivenUpLeavesNothing() throws {
    try TestFiles.with(["kept/other.txt": [0x61]]) { directory in
      for folder in ["new", "kept"] {
        do {
          var writer = try TokenCorpusWriter("\(directory)/\(folder)", vocabularySize: 4, shardTokens: 2)
          try writer.append([0, 1, 2, 3, 0])
          #expect(throws: Failure.self) { try writer.append([4]) }
        }
      }
      #expect(try InputFile.names(in: directory) == ["kept"])
      #expect(try InputFile.names(in: "\(directory)/kept") == ["other.txt"])
    }
  }

  @Test func aCorpusIsNotOverwritten() throws {
    try TestFiles.with([:]) { directory in
      _ = try CorpusFiles.write([[1, 2, 3]], to: "\(directory)/c", vocabularySize: 4)
      let failure = #expect(throws: Failure.self) { _ = try TokenCorpusWriter("\(directory)/c", vocabularySize: 4) }
      #expect(failure?.kind == .cannotCreate && failure?.description.contains("found a corpus") == true)
      #expect(try TokenCorpus(contentsOf: "\(directory)/c").count == 3)
    }
  }

  @Test func nothingIsNoCorpus() throws {
    try TestFiles.with([:]) { directory in
      let failure = #expect(throws: Failure.self) {
        _ = try CorpusFiles.write([[], []], to: "\(directory)/c", vocabularySize: 4)
      }
      #expect(failure?.kind == .data)
      #expect(!InputFile.exists("\(directory)/c"))
    }
  }

  @Test func whatAKilledProcessLeftIsRemoved() throws {
    let left = ["c/shard-00007.tokens": [1], "c/shard-00000.tokens.writing-1": [2]] as [String: [UInt8]]
    try TestFiles.with(left) { directory in
      _ = try CorpusFiles.write([[1, 2, 3]], to: "\(directory)/c", vocabularySize: 4)
      let names = try InputFile.names(in: "\(directory)/c").filter { $0 != ".lock" }
      #expect(names == ["corpus.json", "shard-00000.tokens"])
    }
  }
}
