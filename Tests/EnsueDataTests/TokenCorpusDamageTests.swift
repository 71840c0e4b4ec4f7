// Shards and indices that are not what was written: each has a clear failure, none is read.

import EnsueData
import EnsueFiles
import Foundation
import Testing

@Suite struct TokenCorpusDamageTests {
  private static let ids = CorpusFiles.ids(9_000, below: 300)

  /// Opens a corpus after a change to the bytes of one of its files; nil where it opened.
  private func failure(
    in name: String, _ change: (inout [UInt8]) -> Void, _ corpus: String
  ) throws -> Failure? {
    let path = "\(corpus)/\(name)"
    let original = try InputFile.contents(of: path)
    var bytes = original
    change(&bytes)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? Data(original).write(to: URL(fileURLWithPath: path)) }
    do {
      _ = try TokenCorpus(contentsOf: corpus)
      return nil
    } catch let failure as Failure {
      return failure
    }
  }

  private func withCorpus(_ body: (String) throws -> Void) throws {
    try TestFiles.with([:]) { directory in
      let half = TokenCorpusDamageTests.ids.count / 2
      _ = try CorpusFiles.write(
        [Array(TokenCorpusDamageTests.ids[..<half]), Array(TokenCorpusDamageTests.ids[half...])],
        to: "\(directory)/c", vocabularySize: 300, shardTokens: 5_000)
      try body("\(directory)/c")
    }
  }

  @Test func cutAnywhere() throws {
    try withCorpus { corpus in
      let size = try InputFile("\(corpus)/shard-00000.tokens").size
      let places = Array(stride(from: 0, to: size, by: 1_000)) + Array(0..<81) + [size - 1]
      for place in places {
        let failure = try failure(in: "shard-00000.tokens", { $0 = Array($0.prefix(place)) }, corpus)
        #expect(failure?.kind == .data && failure?.place.contains("shard-00000") == true, "cut at \(place)")
      }
      let longer = try failure(in: "shard-00001.tokens", { $0.append(0) }, corpus)
      #expect(longer?.description.contains("added") == true)
    }
  }

  @Test func everyByteOfTheHeaderAndSomeAfterIt() throws {
    try withCorpus { corpus in
      let size = try InputFile("\(corpus)/shard-00001.tokens").size
      for place in Array(0..<100) + Array(stride(from: 100, to: size, by: 487)) + [size - 1] {
        for bit in [0, 7] {
          let failure = try failure(in: "shard-00001.tokens", { $0[place] ^= 1 << bit }, corpus)
          #expect(failure?.kind == .data, "bit \(bit) of byte \(place)")
        }
      }
    }
  }

  @Test func everyByteOfTheIndex() throws {
    try withCorpus { corpus in
      let text = try InputFile.contents(of: "\(corpus)/corpus.json")
      for place in text.indices where ![0x20, 0x0A].contains(text[place]) {
        let failure = try failure(in: "corpus.json", { $0[place] ^= 1 }, corpus)
        #expect(failure != nil, "byte \(place) of the index")
      }
    }
  }

  @Test func otherFilesAndVersions() throws {
    try withCorpus { corpus in
      let shard = "shard-00000.tokens"
      let version = try failure(in: shard, { $0[8] = 2 }, corpus)
      #expect(version?.description.contains("version 1 expected, found 2") == true)
      let foreign = try failure(in: shard, { $0 = Array("PK\u{3}\u{4}and so on".utf8) }, corpus)
      #expect(foreign?.description.contains("found another file") == true)
      let empty = try failure(in: shard, { $0 = [] }, corpus)
      #expect(empty?.description.contains("an empty file") == true)
      let text = try failure(in: "corpus.json", { $0 = Array("{}".utf8) }, corpus)
      #expect(text?.description.contains("another file") == true)
      let other = try InputFile.contents(of: "\(corpus)/shard-00001.tokens")
      let swapped = try failure(in: shard, { $0 = other }, corpus)
      #expect(swapped?.description.contains("another corpus") == true)
      try OutputFile.remove("\(corpus)/\(shard)")
      #expect(throws: Failure.self) { try TokenCorpus(contentsOf: corpus) }
      let missing = #expect(throws: Failure.self) { try TokenCorpus(contentsOf: "\(corpus)/nowhere") }
      #expect(missing?.kind == .missing)
    }
  }

  /// The digests fit, and the ids do not: a writer's fault, or a vocabulary that was changed in the header.
  @Test func idsOutsideTheVocabulary() throws {
    try TestFiles.with([:]) { directory in
      _ = try CorpusFiles.write([[5, 299, 7]], to: "\(directory)/c", vocabularySize: 300)
      let path = "\(directory)/c/shard-00000.tokens"
      var bytes = try InputFile.contents(of: path)
      bytes[80] = 0x2C
      bytes[81] = 0x01
      let body = Digest(of: Array(bytes[80...]))
      func put(_ digest: Digest, at place: Int) {
        for byte in 0..<8 {
          bytes[place + byte] = UInt8(truncatingIfNeeded: digest.low >> (8 * byte))
          bytes[place + 8 + byte] = UInt8(truncatingIfNeeded: digest.high >> (8 * byte))
        }
      }
      put(body, at: 48)
      put(Digest(of: Array(bytes[..<64])), at: 64)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let failure = #expect(throws: Failure.self) { try TokenCorpus(contentsOf: "\(directory)/c") }
      #expect(failure?.description.contains("ids below 300 expected, found 300 as number 0") == true)
    }
  }

  @Test func aFileThatIsCutWhileItIsReadGivesAnError() throws {
    try withCorpus { path in
      let corpus = try TokenCorpus(contentsOf: path)
      #expect(try corpus.tokens(0..<9_000) == TokenCorpusDamageTests.ids)
      truncate("\(path)/shard-00001.tokens", 500)
      let failure = #expect(throws: Failure.self) { try corpus.tokens(4_990..<9_000) }
      #expect(failure?.kind == .inputOutput && failure?.description.contains("changed while it was read") == true)
      #expect(try corpus.tokens(0..<100) == Array(TokenCorpusDamageTests.ids[..<100]))
    }
  }
}
