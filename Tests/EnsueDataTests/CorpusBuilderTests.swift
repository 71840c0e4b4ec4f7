// Texts to corpora: parts of a text have the ids of the whole, and documents end where they should.

import EnsueData
import EnsueFiles
import EnsueTensor
import EnsueText
import Testing

@Suite struct CorpusBuilderTests {
  /// Lines, blank lines, spaces at line ends, other scripts, and no line end at the end.
  private static let text: String = {
    let lines = [
      "the cat sat on the mat", "", "日本語 の 文。", "  two spaces before", "trailing space ", "", "", "naïve — 🎬 café",
      "a\tb", "\u{3000}wide space", "last",
    ]
    return (0..<40).map { round in lines.map { "\($0) \(round % 7)" }.joined(separator: "\n") }.joined(separator: "\n")
  }()

  private func build(
    _ texts: [String], _ codec: TokenCodec, _ documents: DocumentKind = .files, pieceSize: Int,
    _ body: (TokenCorpus) throws -> Void
  ) throws {
    let names = texts.indices.map { "\($0).txt" }
    try TestFiles.with(Dictionary(uniqueKeysWithValues: zip(names, texts.map { Array($0.utf8) }))) { directory in
      let builder = CorpusBuilder(codec, documents: documents, shardTokens: 100, pieceSize: pieceSize)
      let index = try builder.build(names.map { "\(directory)/\($0)" }, to: "\(directory)/corpus")
      let corpus = try TokenCorpus(contentsOf: "\(directory)/corpus")
      #expect(corpus.index == index)
      let stored = try corpus.codec()
      #expect(stored == codec)
      #expect(index.sources.map(\.digest) == texts.map { Digest(of: Array($0.utf8)) })
      try body(corpus)
    }
  }

  @Test(arguments: [1, 2, 7, 100, 1000, 1 << 20]) func partsHaveTheIDsOfTheWhole(_ pieceSize: Int) throws {
    let text = CorpusBuilderTests.text
    let codecs: [TokenCodec] = [
      .bytes, .characters(CharacterAlphabet(text.unicodeScalars)), .words(WordList(counting: Array(text.utf8))),
    ]
    for codec in codecs {
      try build([text], codec, pieceSize: pieceSize) { corpus in
        let found = try corpus.tokens(0..<corpus.count)
        #expect(found == codec.encode(text))
        #expect(corpus.documentStarts == [0])
        // Words and characters are cut by parts, and counted once.
        #expect(corpus.index.text == TextLength(of: Array(text.utf8)))
      }
    }
  }

  private static let tokenizers = ["gpt2/vocab.json", "bert-base-uncased/vocab.txt"].map {
    TestFiles.data("tokenizers/\($0)")
  }

  @Test(
    .enabled(if: tokenizers.allSatisfy { InputFile.exists($0) }, "no tokenizers in the data folder (set ENSUE_DATA)"),
    arguments: tokenizers, [1, 64, 1000])
  func partsHaveTheSubwordsOfTheWhole(_ path: String, _ pieceSize: Int) throws {
    let codec = TokenCodec.subwords(try SubwordTokenizer(contentsOf: path))
    let text = CorpusBuilderTests.text + "\nit's  the 3rd\n\n\n \nend.\nDon't!\n"
    try build([text], codec, pieceSize: pieceSize) { corpus in
      // The token for the end of a text stands in place of the last line's end.
      let whole = codec.endOfText.map { codec.encode(String(text.dropLast())) + [$0] } ?? codec.encode(text)
      let found = try corpus.tokens(0..<corpus.count)
      #expect(found == whole)
      #expect(corpus.index.text == TextLength(of: Array(text.utf8)))
    }
  }

  /// Byte pairs of whatever stands together in a word, so that another boundary gives other ids.
  private static func tokenizer(of expression: KnownExpression) throws -> SubwordTokenizer {
    let symbols = ["s", "B", ".", "/", "1", "'", "\u{120}", "\u{10A}"]
    let pairs = symbols.flatMap { left in symbols.map { (left, $0) } }
    let tokens = symbols + pairs.map { $0 + $1 }
    let vocabulary = tokens.enumerated().map { "\(JSONValue.string($1).description): \($0)" }
    let merges = pairs.map { "[\(JSONValue.string($0).description), \(JSONValue.string($1).description)]" }
    let text = """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
         {"type": "Split", "pattern": {"Regex": \(JSONValue.string(expression.rawValue).description)},
          "behavior": "Isolated", "invert": false},
         {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
       "post_processor": null, "decoder": null,
       "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
         "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
         "vocab": {\(vocabulary.joined(separator: ", "))}, "merges": [\(merges.joined(separator: ", "))]}}
      """
    return try SubwordTokenizer(json: .parse(Array(text.utf8), name: "tokenizer.json"), place: "tokenizer.json")
  }

  /// Signs, slashes, digits, contractions and blanks before and behind line ends, in every order. (The expressions that
  /// are left out do not end a word at a line's end: they are steps of a pipeline that does.)
  @Test(arguments: [KnownExpression.gpt2, .cl100k, .qwen2, .o200k, .whiteSpace, .whiteSpaces], [1, 64, 1000])
  func partsHaveTheWordsOfTheWhole(_ expression: KnownExpression, _ pieceSize: Int) throws {
    let symbols = ["s", "B", ".", "/", "1", "'", " ", "\n", "\n"]
    let key = RandomKey(seed: 1)
    let text = (0..<6000).map { symbols[Int(key.bits(at: $0) % UInt64(symbols.count))] }.joined()
    for ending in [".\n", "/\n", " \n", "\n\n"] {
      for behind in ["B", "/", "1", "."] { #expect(text.contains(ending + behind)) }
    }
    let codec = TokenCodec.subwords(try CorpusBuilderTests.tokenizer(of: expression))
    try build([text], codec, pieceSize: pieceSize) { corpus in
      let found = try corpus.tokens(0..<corpus.count)
      #expect(found == codec.encode(text))
    }
  }

  @Test(arguments: [1, 30, 1 << 20]) func documentsOfLinesAndBlocks(_ pieceSize: Int) throws {
    let texts = ["\n \nab\nc\n\n\t\nd\r\n\r\ne", "f\n", "gg"]
    let expected: [(DocumentKind, [String])] = [
      (.files, texts), (.lines, ["ab\n", "c\n", "d\r\n", "e", "f\n", "gg"]),
      (.blankLines, ["ab\nc\n", "d\r\n", "e", "f\n", "gg"]),
    ]
    for (kind, documents) in expected {
      try build(texts, .bytes, kind, pieceSize: pieceSize) { corpus in
        let ids = documents.map { $0.utf8.map { Int32($0) } }
        let found = try corpus.tokens(0..<corpus.count)
        #expect(found == Array(ids.joined()), "\(kind)")
        #expect(corpus.documentStarts == ids.indices.map { ids[..<$0].reduce(0) { $0 + $1.count } }, "\(kind)")
        // A word ends with its document; blank lines between documents are no part of the text.
        let lengths = documents.map { TextLength(of: Array($0.utf8)) }
        let expected = TextLength(
          wordCount: lengths.reduce(0) { $0 + $1.wordCount },
          characterCount: lengths.reduce(0) { $0 + $1.characterCount },
          byteCount: lengths.reduce(0) { $0 + $1.byteCount })
        #expect(corpus.index.text == expected, "\(kind)")
      }
    }
  }

  @Test func aTextIsMeasured() {
    let length = TextLength(of: Array(" the film was\tgörgeous .\n\nthe 日本 🎬".utf8))
    #expect(length == TextLength(wordCount: 8, characterCount: 34, byteCount: 42))
    #expect(TextLength(of: []) == TextLength(wordCount: 0, characterCount: 0, byteCount: 0))
  }

  @Test func vocabulariesAreThoseOfTheWholeText() throws {
    let text = CorpusBuilderTests.text
    try TestFiles.with(["a.txt": Array(text.utf8), "b.txt": Array("zebra zebra\n".utf8)]) { directory in
      let files = ["\(directory)/a.txt", "\(directory)/b.txt"]
      let bytes = Array((text + "\nzebra zebra\n").utf8)
      for (minimum, limit) in [(1, nil), (3, nil), (1, 9)] as [(Int, Int?)] {
        let codec = try TokenCodec.counting(files, level: .words, minimumCount: minimum, limit: limit)
        #expect(codec == .words(WordList(counting: bytes, minimumCount: minimum, limit: limit)))
      }
      let characters = try TokenCodec.counting(files, level: .characters)
      #expect(characters == .characters(CharacterAlphabet(String(decoding: bytes, as: UTF8.self).unicodeScalars)))
      #expect(try TokenCodec.counting(files, level: .bytes) == .bytes)
      #expect(throws: Failure.self) { try TokenCodec.counting(files, level: .subwords) }
    }
  }

  @Test(
    arguments: [
      ([0x61, 0x0A, 0xFF], "a.txt:2", "byte 0xFF"), ([0x61, 0x00], "a.txt:1", "byte 0x0"),
      ([0xFF, 0xFE, 0x61, 0x00], "a.txt", "UTF-16"), ([0x1F, 0x8B, 8, 0], "a.txt", "compressed"),
      ([], "a.txt", "a text"),
      ([0xEF, 0xBB, 0xBF], "a.txt", "a text"), ([0x61, 0xE2, 0x82], "a.txt:1", "byte 0xE2"),
    ] as [([UInt8], String, String)])
  func whatIsNoText(_ bytes: [UInt8], _ place: String, _ words: String) throws {
    try TestFiles.with(["a.txt": bytes]) { directory in
      let builder = CorpusBuilder(
        .characters(CharacterAlphabet("a".unicodeScalars)), documents: .files, shardTokens: 10, pieceSize: 2)
      let failure = #expect(throws: Failure.self) {
        _ = try builder.build(["\(directory)/a.txt"], to: "\(directory)/corpus")
      }
      #expect(failure?.kind == .data && failure?.place.hasSuffix(place) == true, "\(failure?.description ?? "")")
      #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "")")
      #expect(!InputFile.exists("\(directory)/corpus"))
    }
  }

  /// Bytes that are no UTF-8 are replaced part by part as in the whole text; Latin-1 becomes longer as it is read.
  @Test(arguments: [1, 2, 3, 7, 1000]) func formsOfText(_ pieceSize: Int) throws {
    let bad: [UInt8] = [0xE2, 0x82, 0x0A, 0xFF, 0x61, 0x80, 0x80, 0x20, 0xF0, 0x9F, 0x8E]
    let bytes = Array(CorpusBuilderTests.text.utf8) + bad
    for form in [TextForm(badBytes: .replace), TextForm(encoding: .latin1)] {
      try TestFiles.with(["a.txt": bytes]) { directory in
        let whole = try SourceText(
          path: "\(directory)/a.txt", encoding: form.encoding, badBytes: form.badBytes)
        let codec = TokenCodec.characters(
          CharacterAlphabet(String(decoding: whole.bytes, as: UTF8.self).unicodeScalars))
        #expect(try TokenCodec.counting(["\(directory)/a.txt"], level: .characters, form: form) == codec)
        let builder = CorpusBuilder(
          codec, documents: .files, shardTokens: 100, form: form, pieceSize: pieceSize)
        let index = try builder.build(["\(directory)/a.txt"], to: "\(directory)/corpus")
        let corpus = try TokenCorpus(contentsOf: "\(directory)/corpus")
        let found = try corpus.tokens(0..<corpus.count)
        #expect(found == codec.encode(utf8: whole.bytes))
        #expect(index.properties[CorpusBuilder.replacedBytesName]?.integerValue ?? 0 == whole.replacedBytes)
        #expect(index.sources.map(\.digest) == [Digest(of: bytes)])
      }
    }
  }

  @Test func aCodecThatWasChangedIsRefused() throws {
    let codec = TokenCodec.words(WordList(counting: Array("a b c".utf8)))
    try build(["a b c a"], codec, pieceSize: 100) { corpus in
      let path = "\(corpus.folder)/codec.json"
      let text = String(decoding: try InputFile.contents(of: path), as: UTF8.self)
      try OutputFile.write(text.replacing("\"a\"", with: "\"z\""), to: path)
      let failure = #expect(throws: Failure.self) { try corpus.codec() }
      #expect(failure?.kind == .data)
    }
  }
}
