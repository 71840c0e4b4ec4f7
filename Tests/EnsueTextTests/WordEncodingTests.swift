// Where the tokens of words begin, against Hugging Face's tokenizers (Tests/Goldens/token-tagging.py), and what counts
// as a word.

import EnsueFiles
import EnsueText
import Testing

@Suite struct WordEncodingTests {
  private static let file = try? JSONValue.contents(of: "\(SubwordGoldens.folder)/token-tagging.json").objectValue

  private static func cases(_ name: String) -> [JSONObject] {
    file?[name]?.arrayValue?.compactMap(\.objectValue) ?? []
  }

  private static func tokenizer(_ family: String, addsSpaces: Bool = false) throws -> SubwordTokenizer {
    let path = "\(SubwordGoldens.folder)/family-tokenizers/\(family).json"
    guard addsSpaces else { return try SubwordTokenizer(contentsOf: path) }
    let parts = String(decoding: try InputFile.contents(of: path), as: UTF8.self)
      .split(separator: #""add_prefix_space":false"#, omittingEmptySubsequences: false)
    let text = parts.joined(separator: #""add_prefix_space":true"#)
    return try SubwordTokenizer(json: JSONValue.parse(Array(text.utf8), name: family), place: family)
  }

  private static func tokenizer(of golden: JSONObject) throws -> SubwordTokenizer {
    try tokenizer(golden["tokenizer"]?.stringValue ?? "", addsSpaces: golden["spaces"] == .boolean(true))
  }

  private static func integers(_ value: JSONValue?) -> [Int?] { value?.arrayValue?.map(\.integerValue) ?? [] }

  /// The words of a text that is not cut.
  private static func words(_ text: String, _ tokenizer: SubwordTokenizer) -> [String] {
    let bytes = Array(text.utf8)
    return tokenizer.encoding(ofWordsIn: text, maximumLength: 512).words.map {
      String(decoding: bytes[$0], as: UTF8.self)
    }
  }

  @Test func theGoldensAreThere() { #expect(Self.cases("texts").count == 80 && Self.cases("words").count == 40) }

  @Test func wordsOfATextBeginWithTheirToken() throws {
    for golden in Self.cases("texts") {
      let text = golden["text"]?.stringValue ?? ""
      let maximum = golden["maximum"]?.integerValue ?? 0
      let tokenizer = try Self.tokenizer(of: golden)
      let (words, encoding) = tokenizer.encoding(ofWordsIn: text, maximumLength: maximum)
      #expect(encoding.encoding.ids.map { Int($0) } == Self.integers(golden["ids"]), "\(golden)")
      #expect(words.count == encoding.firstPlaces.count)
      let places = Self.integers(golden["places"])
      let bytes = Array(text.utf8)
      for (word, place) in zip(words, encoding.firstPlaces) {
        let scalar = String(decoding: bytes[..<word.lowerBound], as: UTF8.self).unicodeScalars.count
        #expect(place == places[scalar], "\(String(decoding: bytes[word], as: UTF8.self)) in \(golden)")
      }
      // Nothing is lost between them but white space, and nothing comes twice.
      let joined = words.flatMap { Array(bytes[$0]) }
      #expect(joined == bytes.filter { $0 != 0x20 && $0 != 0x09 }, "\(golden)")
    }
  }

  @Test func givenWordsBeginWithTheirToken() throws {
    for golden in Self.cases("words") {
      let words = golden["words"]?.arrayValue?.compactMap(\.stringValue) ?? []
      let found = try Self.tokenizer(of: golden).encoding(
        ofWords: words, absent: 1, maximumLength: golden["maximum"]?.integerValue ?? 0)
      #expect(found.encoding.ids.map { Int($0) } == Self.integers(golden["ids"]), "\(golden)")
      #expect(found.firstPlaces == Self.integers(golden["firsts"]), "\(golden)")
    }
  }

  /// Words with single spaces between them are those of the text.
  @Test(arguments: ["bert", "roberta", "xlm-roberta", "albert"])
  func givenWordsAreReadAsInAText(_ family: String) throws {
    let tokenizer = try Self.tokenizer(family)
    let text = "a man in a blue shirt is standing on a ladder"
    let words = text.split(separator: " ").map(String.init)
    let found = tokenizer.encoding(ofWords: words, absent: 1, maximumLength: 512)
    #expect(found == tokenizer.encoding(ofWordsIn: text, maximumLength: 512).encoding)
    #expect(found.encoding == tokenizer.encoding(of: text))
  }

  @Test func wordsEndAtWhiteSpaceAndPunctuation() throws {
    let tokenizer = try Self.tokenizer("bert")
    #expect(Self.words("Ann's in\tNew-York.", tokenizer) == ["Ann", "'", "s", "in", "New", "-", "York", "."])
    #expect(Self.words("日本 a", tokenizer) == ["日", "本", "a"])
    #expect(Self.words(" \t ", tokenizer).isEmpty)
    // A token is never cut.
    #expect(Self.words("a [SEP] b", tokenizer) == ["a", "[SEP]", "b"])
  }

  /// Neighbouring characters that a unigram model does not know are one token, which may end anywhere among them.
  @Test func unknownCharactersStayTogether() throws {
    let tokenizer = try Self.tokenizer("xlm-roberta")
    #expect(Self.words("New-York 日本!", tokenizer) == ["New", "-York", "日本!"])
  }

  /// A soft hyphen is taken away by BERT's cleaning.
  @Test func whatHasNoTokenIsNoWord() throws {
    let tokenizer = try Self.tokenizer("bert")
    #expect(Self.words("a \u{AD} b \u{AD}", tokenizer) == ["a", "b"])
    let found = tokenizer.encoding(ofWords: ["a", "\u{AD}", "b"], absent: 1, maximumLength: 512)
    #expect(found.firstPlaces == [1, 2, 3] && found.encoding.ids[2] == 1)
  }

  /// What lies beyond the kept ids is not encoded again and again.
  @Test(.timeLimit(.minutes(1))) func aLongTextIsQuick() throws {
    for text in [String(repeating: "a. ", count: 20_000), String(repeating: "\u{AD} ", count: 20_000) + "a"] {
      let found = try Self.tokenizer("bert").encoding(ofWordsIn: text, maximumLength: 32)
      #expect(found.encoding.encoding.ids.count <= 32)
    }
    let cut = try Self.tokenizer("bert").encoding(ofWordsIn: "a b c", maximumLength: 3)
    #expect(cut.words == [0..<1, 2..<3, 4..<5] && cut.encoding.firstPlaces == [1, nil, nil])
  }
}
