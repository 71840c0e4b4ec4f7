// The symbols of both sides: what is known, what is unknown and counted, there and back.

import EnsueData
import EnsueFiles
import EnsueText
import Testing

@Suite struct SequenceCodecRequestTests {
  private static let data = ParallelDataset(
    name: "pets",
    pairs: [
      SentencePair(source: "die Katze schläft", target: "the cat sleeps"),
      SentencePair(source: "der Hund schläft", target: "the dog sleeps"),
      SentencePair(source: "die Katze jagt", target: "the cat hunts"),
    ], report: ParallelReport())

  @Test(arguments: TokenLevelKind.allCases) func thereAndBack(_ level: TokenLevelKind) throws {
    for isJoint in [false, true] {
      let request = SequenceCodecRequest(level: level, size: level == .subwords ? 320 : nil, isJoint: isJoint)
      let codecs = try request.codecs(for: SequenceCodecRequestTests.data)
      #expect(codecs.isJoint == isJoint && codecs.notes.count == (isJoint ? 1 : 2))
      if isJoint { #expect(codecs.source == codecs.target) }
      for pair in SequenceCodecRequestTests.data.pairs {
        #expect(codecs.source.decode(codecs.source.encode(pair.source)) == pair.source)
        #expect(codecs.target.decode(codecs.target.encode(pair.target)) == pair.target)
      }
      #expect(try request.codecs(for: SequenceCodecRequestTests.data) == codecs)
      let encoded = EncodedDataset(SequenceCodecRequestTests.data, source: codecs.source, target: codecs.target)
      #expect(encoded.source.unknown == 0 && encoded.target.unknown == 0 && encoded.count == 3)
      #expect(encoded.lengths[1].source == encoded.pairs[1].source.count)
    }
  }

  @Test func unknownSymbolsAreCounted() throws {
    let codecs = try SequenceCodecRequest(level: .words, minimumCount: 2).codecs(
      for: SequenceCodecRequestTests.data)
    #expect(
      codecs.notes == [
        "vocabulary of source: 3 words, 3 rarer ones unknown", "vocabulary of target: 3 words, 2 rarer ones unknown",
      ])
    let encoded = EncodedDataset(SequenceCodecRequestTests.data, source: codecs.source, target: codecs.target)
    #expect(encoded.source.symbols == 9 && encoded.source.unknown == 3 && encoded.source.longest == 3)
    #expect(encoded.target.unknown == 2)
    #expect(encoded.lines[0] == "pets source: 9 symbols, 3.0 a sentence, at most 3, 3 unknown (33.3 %)")
    #expect(encoded.pairs[1].target.count == 3)
    #expect(codecs.target.decode(encoded.pairs[1].target) == "the <unk> sleeps")
  }

  @Test func sizesAreKept() throws {
    for level in [TokenLevelKind.characters, .words] {
      let codecs = try SequenceCodecRequest(level: level, size: 5, isJoint: true).codecs(
        for: SequenceCodecRequestTests.data)
      #expect(codecs.source.codec.vocabularySize == 5 && codecs.source.vocabularySize == 7)
    }
    let characters = try SequenceCodecRequest(level: .characters, minimumCount: 3).codecs(
      for: SequenceCodecRequestTests.data)
    // Twice in the sources: d stands there in "die", "der", "Hund", "die"; ä only in two.
    #expect(!characters.source.encode("d").contains(0) && characters.source.encode("ä") == [0])
    for kind in SubwordTrainerKind.allCases {
      let codecs = try SequenceCodecRequest(level: .subwords, size: 330, trainer: kind).codecs(
        for: SequenceCodecRequestTests.data)
      #expect(codecs.source.codec.vocabularySize <= 330)
      #expect(codecs.notes[0].contains("(\(kind.rawValue))"))
    }
  }

  @Test func tokenizersThatAreRead() throws {
    let trained = try SequenceCodecRequest(level: .subwords, size: 320).codecs(for: SequenceCodecRequestTests.data)
    guard case .subwords(let source) = trained.source.codec, case .subwords(let target) = trained.target.codec else {
      Issue.record("subwords expected")
      return
    }
    let files = ["a.json": Array(source.json.indented.utf8), "b.json": Array(target.json.indented.utf8)]
    try TestFiles.with(files) { directory in
      var request = SequenceCodecRequest(
        level: .subwords, tokenizerPaths: ["\(directory)/a.json", "\(directory)/b.json"])
      let both = try request.codecs(for: SequenceCodecRequestTests.data)
      #expect(both.source == trained.source && both.target == trained.target && !both.isJoint)
      request.tokenizerPaths = ["\(directory)/a.json"]
      let one = try request.codecs(for: SequenceCodecRequestTests.data)
      #expect(one.source == one.target && one.isJoint && one.notes.count == 1)
      request.tokenizerPaths = ["\(directory)/c.json"]
      let missing = try TestFiles.failure { try request.codecs(for: SequenceCodecRequestTests.data) }
      #expect(missing?.kind == .missing)
    }
  }

  @Test func settingsThatCannotBe() {
    let wrong = [
      SequenceCodecRequest(level: .words, size: 0), SequenceCodecRequest(level: .words, size: 3),
      SequenceCodecRequest(level: .words, minimumCount: 0), SequenceCodecRequest(level: .subwords, size: Int.max),
      SequenceCodecRequest(level: .words, tokenizerPaths: ["a"]),
      SequenceCodecRequest(level: .subwords, tokenizerPaths: ["a", "b", "c"]),
      SequenceCodecRequest(level: .subwords, tokenizerPaths: ["a", "b"], isJoint: true),
      SequenceCodecRequest(level: .subwords, size: 10, trainer: .bytePair),
    ]
    for request in wrong {
      #expect(throws: Failure.self) { _ = try request.codecs(for: SequenceCodecRequestTests.data) }
    }
  }

  /// Raw text with capital letters, accents and punctuation comes back from the pieces as it was; SentencePiece's
  /// normaliser makes one space of several.
  @Test(
    .enabled(if: TestFiles.hasData("multi30k"), "Multi30k is not in the data folder (set ENSUE_DATA)"),
    arguments: [SubwordTrainerKind.bytePair, .sentencePieceBytePair])
  func rawTextRoundTrips(_ trainer: SubwordTrainerKind) throws {
    let splits = try ParallelRequest(kind: .multi30k, paths: [TestFiles.data("multi30k")]).load()
    let some = ParallelDataset(
      name: "some", pairs: Array(splits.training.pairs.prefix(2_000)), report: splits.training.report)
    let codecs = try SequenceCodecRequest(level: .subwords, size: 1_500, trainer: trainer, isJoint: true)
      .codecs(for: some)
    let test = try #require(splits.test)
    var changed: [String] = []
    for pair in test.pairs {
      for text in [pair.source, pair.target] {
        let back = codecs.source.decode(codecs.source.encode(text))
        let expected =
          trainer == .bytePair ? text : text.split(separator: " ").joined(separator: " ")
        if !back.utf8.elementsEqual(expected.utf8) { changed.append(text) }
      }
    }
    #expect(changed.isEmpty, "\(changed.prefix(3))")
    let encoded = EncodedDataset(test, source: codecs.source, target: codecs.target)
    #expect(encoded.source.unknown == 0 && encoded.target.unknown == 0)
  }
}
