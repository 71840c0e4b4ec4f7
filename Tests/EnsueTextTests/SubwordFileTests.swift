// The files that tokenizers come in, cut short and changed; and invalid UTF-8 as text.

import EnsueFiles
import EnsueText
import Testing

struct SubwordFileTests {
  @Test func vocabularyOfBERT() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\nwor\n##ld\n", to: "vocab.txt")
    let tokenizer = try SubwordTokenizer(contentsOf: path)
    #expect(tokenizer.encode("Hello WORLD!", addsSpecialTokens: true) == [2, 4, 5, 6, 1, 3])
    #expect(tokenizer.decode([2, 4, 5, 6, 3]) == "hello world")
    #expect(try SubwordTokenizer(contentsOf: folder.path) == tokenizer)
  }

  @Test func vocabularyWithMerges() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(#"{"a":0,"b":1,"ab":2,"Ġ":3,"Ġab":4}"#, to: "vocab.json")
    #expect(throws: Failure.self) { try SubwordTokenizer(contentsOf: path) }
    _ = try folder.write("#version: 0.2\na b\nĠ ab\n", to: "merges.txt")
    let tokenizer = try SubwordTokenizer(contentsOf: path)
    #expect(tokenizer.encode("ab ab b") == [2, 4, 3, 1])
    #expect(tokenizer.decode([2, 4, 3, 1]) == "ab ab b")
    _ = try folder.write("#version: 0.2\na b\nnonsense\n", to: "merges.txt")
    let failure = #expect(throws: Failure.self) { try SubwordTokenizer(contentsOf: path) }
    #expect(failure?.description.contains("merges.txt:3") == true)
  }

  @Test func sentencePieceWithBytePairs() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(SubwordFileTests.sentencePieceModel(type: 2), to: "small.model")
    let tokenizer = try SubwordTokenizer(contentsOf: path)
    #expect(tokenizer.encode("ab") == [4, 6])
    #expect(tokenizer.decode([4, 6]) == "ab")
    #expect(tokenizer.encode("z") == [4, 0])
  }

  @Test func sentencePieceCutAnywhereIsRefusedOrRead() throws {
    let folder = try TemporaryFolder()
    let whole = SubwordFileTests.sentencePieceModel(type: 1)
    for count in 0..<whole.count {
      try TemporaryFolder.writeQuickly(Array(whole.prefix(count)), to: "\(folder.path)/cut.model")
      do { _ = try SubwordTokenizer(contentsOf: "\(folder.path)/cut.model") } catch let failure as Failure {
        #expect(failure.kind == .data)
      }
    }
  }

  @Test func changedBytesOfAModelNeverStopTheProgram() throws {
    let folder = try TemporaryFolder()
    let whole = SubwordFileTests.sentencePieceModel(type: 1)
    for place in whole.indices {
      for change in [UInt8(0x01), 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= change
        try TemporaryFolder.writeQuickly(bytes, to: "\(folder.path)/changed.model")
        guard let tokenizer = try? SubwordTokenizer(contentsOf: "\(folder.path)/changed.model") else { continue }
        _ = tokenizer.decode(tokenizer.encode("ab \u{e9} zz"))
      }
    }
  }

  @Test(.enabled(if: SubwordGoldens.hasRealFiles, "no tokenizers in the data folder (ENSUE_DATA)"))
  func aRealCharacterMapSurvivesChanges() throws {
    let folder = try TemporaryFolder()
    let whole = try InputFile.contents(of: "\(dataFolder)/tokenizers/sentencepiece-test/test_model.model")
    var source = SeededGenerator(seed: 5)
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0..<20 { bytes[source.below(bytes.count)] = UInt8(source.below(256)) }
      try TemporaryFolder.writeQuickly(bytes, to: "\(folder.path)/changed.model")
      guard let tokenizer = try? SubwordTokenizer(contentsOf: "\(folder.path)/changed.model") else { continue }
      for text in SubwordGoldens.texts { _ = tokenizer.encode(text) }
    }
  }

  @Test func noFileOfATokenizer() throws {
    let folder = try TemporaryFolder()
    let failure = #expect(throws: Failure.self) { try SubwordTokenizer(contentsOf: folder.path) }
    #expect(failure?.kind == .missing)
  }

  @Test(arguments: SubwordGoldens.names("small")) func invalidTextCountsAsReplacementCharacters(_ name: String) throws {
    let tokenizer = try SubwordGoldens.small(name)
    let bytes: [UInt8] = [0x61, 0xFF, 0x20, 0xE2, 0x82, 0x62, 0xF0, 0x9F, 0x98, 0xC0, 0x80]
    #expect(tokenizer.encode(utf8: bytes) == tokenizer.encode(String(decoding: bytes, as: UTF8.self)))
    #expect(tokenizer.decode([-1, Int32.max]) == "")
  }

  /// Pieces: unknown, <s>, a, b, ▁, and two that join others.
  private static func sentencePieceModel(type: UInt8) -> [UInt8] {
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
    func piece(_ text: String, _ score: Float, _ kind: UInt8) -> [UInt8] {
      let bits = score.bitPattern
      let bytes = (0..<4).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
      return field(1, field(1, Array(text.utf8)) + [0x15] + bytes + [0x18, kind])
    }
    return piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("a", -1, 1) + piece("b", -1.5, 1)
      + piece("\u{2581}", -2, 1) + piece("\u{2581}a", -4, 1) + piece("ab", -0.5, 1)
      + field(2, [0x18, type]) + field(3, [0x18, 1, 0x20, 1])
  }
}
