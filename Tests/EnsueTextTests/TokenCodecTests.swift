// What holds for the codec of every level: there and back, streamed as whole, through a file.

import EnsueFiles
import EnsueText
import Testing

@Suite struct TokenCodecTests {
  private static let text = "the cat sat on the mat\nthe dog did not\n"

  /// A codec of every level, of the text above.
  static func codec(_ level: TokenLevelKind) throws -> TokenCodec {
    switch level {
    case .bytes: .bytes
    case .characters: .characters(CharacterAlphabet(text.unicodeScalars))
    case .words: .words(WordList(counting: Array(text.utf8)))
    case .subwords:
      .subwords(
        try .gpt2(
          BytePairModel(
            vocabulary: (33...126).map { String(Unicode.Scalar(UInt8($0))) } + [
              "Ġ", "Ċ", "th", "the", "at", "<|endoftext|>",
            ],
            merges: [("t", "h"), ("th", "e"), ("a", "t")], unknownToken: nil, continuingPrefix: nil,
            endOfWordSuffix: nil, fusesUnknown: false, fallsBackToBytes: false, ignoresMerges: false),
          specialTokens: ["<|endoftext|>"]))
    }
  }

  @Test(arguments: TokenLevelKind.allCases) func thereAndBack(_ level: TokenLevelKind) throws {
    let codec = try TokenCodecTests.codec(level)
    let ids = codec.encode(TokenCodecTests.text)
    #expect(codec.level == level && ids.allSatisfy { $0 >= 0 && $0 < codec.vocabularySize })
    #expect(codec.decode(ids) == TokenCodecTests.text)
    #expect(codec.encode(utf8: Array(TokenCodecTests.text.utf8)) == ids)
    #expect(codec.encode("").isEmpty && codec.decode([]).isEmpty)
  }

  @Test(arguments: TokenLevelKind.allCases) func streamedAsWhole(_ level: TokenLevelKind) throws {
    let codec = try TokenCodecTests.codec(level)
    let ids = codec.encode(TokenCodecTests.text)
    for start in ids.indices {
      var decoder = codec.makeStreamDecoder()
      let text = ids[start...].map { decoder.append($0) }.joined() + decoder.finish()
      #expect(text == codec.decode(ids[start...]), "from \(start)")
    }
  }

  @Test(arguments: TokenLevelKind.allCases) func throughAFile(_ level: TokenLevelKind) throws {
    let codec = try TokenCodecTests.codec(level)
    let json = try JSONValue.parse(Array(codec.json.indented.utf8), name: "codec")
    let back = try TokenCodec(json: json, place: "codec") {
      guard case .subwords(let tokenizer) = codec else { throw Failure(.missing, "a tokenizer") }
      return try SubwordTokenizer(json: tokenizer.json, place: "tokenizer.json")
    }
    #expect(back == codec)
    for other in TokenLevelKind.allCases where other != level {
      #expect(try TokenCodecTests.codec(other) != codec)
    }
  }

  @Test(arguments: [
    "{}", "[]", #"{"level": "letters"}"#, #"{"level": "bytes", "alphabet": "a"}"#, #"{"level": "characters"}"#,
    #"{"level": "characters", "alphabet": "ba"}"#, #"{"level": "characters", "alphabet": "aa"}"#,
    #"{"level": "characters", "alphabet": ""}"#, #"{"level": "words"}"#, #"{"level": "words", "words": ["a"]}"#,
    #"{"level": "words", "words": ["<eos>", "a", "a"]}"#, #"{"level": "words", "words": ["<eos>", "a b"]}"#,
    #"{"level": "words", "words": ["<eos>", ""]}"#, #"{"level": "words", "words": ["<eos>", 1]}"#,
  ])
  func refused(_ text: String) throws {
    let json = try JSONValue.parse(Array(text.utf8), name: "codec")
    let failure = #expect(throws: Failure.self) {
      try TokenCodec(json: json, place: "codec.json") { throw Failure(.internal, "no tokenizer is asked for") }
    }
    #expect(failure?.kind == .data && failure?.place == "codec.json")
  }

  /// What Swift makes of any bytes, whole characters at a time.
  @Test(arguments: 0..<200) func bytesAreStreamedAsCharacters(_ seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func random(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(limit))
    }
    // Bytes that begin, continue and break characters, often next to each other.
    let likely: [UInt8] = [
      0x41, 0x80, 0xBF, 0x9F, 0xA0, 0x90, 0xC2, 0xC0, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF,
    ]
    let bytes = (0..<24).map { _ in random(4) == 0 ? UInt8(random(256)) : likely[random(likely.count)] }
    var decoder = TokenCodec.bytes.makeStreamDecoder()
    let pieces = bytes.map { decoder.append(Int32($0)) } + [decoder.finish()]
    #expect(Array(pieces.joined().utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8), "\(bytes)")
  }

  @Test func wordsAsThePennTreebankHasThem() {
    let list = WordList(counting: Array(" no it was n't <unk> \n it was N \n\nno".utf8))
    #expect(list.words == ["<eos>", "it", "no", "was", "<unk>", "N", "n't"] && list.idCount == 8)
    #expect(list.encode(Array("it  was\tnew\r\n\n<unk>".utf8)) == [2, 4, 0, 1, 1, 5])
    #expect(list.id(of: "<unk>") == 5 && list.id(of: "new") == WordList.unknownID && list.word(of: 0) == nil)
    #expect(TokenCodec.words(list).decode([2, 0, 1, 1, 4, 2]) == "it <unk>\n\nwas it")
    #expect(WordList(counting: Array("a b b c c c".utf8), minimumCount: 2).words == ["<eos>", "c", "b"])
    #expect(WordList(counting: Array("a b b c c c".utf8), limit: 2).words == ["<eos>", "c"])
    #expect(WordList(counting: []).idCount == 2)
  }

  @Test func whatNoVocabularyHas() throws {
    #expect(try TokenCodecTests.codec(.characters).encode("tx").map { $0 == 0 } == [false, true])
    #expect(try TokenCodecTests.codec(.characters).decode([0]) == "\u{FFFD}")
    #expect(try TokenLevelKind.allCases.map { try TokenCodecTests.codec($0).unknownID } == [nil, 0, 0, nil])
    #expect(try TokenCodecTests.codec(.subwords).endOfText != nil && TokenCodecTests.codec(.words).endOfText == nil)
  }
}
