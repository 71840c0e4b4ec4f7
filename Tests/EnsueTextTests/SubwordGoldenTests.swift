// Ids and decoded texts equal those of the Hugging Face library.

import EnsueFiles
import EnsueText
import Testing

struct SubwordGoldenTests {
  @Test func theGoldensAreThere() {
    #expect(SubwordGoldens.names("small").count >= 19)
    #expect(SubwordGoldens.names("real").count == 5)
    #expect(SubwordGoldens.texts.count * 24 >= 2000)
  }

  @Test(arguments: SubwordGoldens.names("small")) func smallPipelines(_ name: String) throws {
    try compare("small", name)
  }

  @Test(
    .enabled(if: SubwordGoldens.hasRealFiles, "no tokenizers in the data folder (ENSUE_DATA)"),
    arguments: SubwordGoldens.names("real"))
  func realVocabularies(_ name: String) throws {
    try compare("real", name)
  }

  @Test(arguments: SubwordGoldens.names("small")) func longGeneratedTexts(_ name: String) throws {
    let tokenizer = try SubwordGoldens.small(name)
    let digests = try SubwordGoldens.entry("small", name)["digests"]?.objectValue
    for (text, digest) in digests?.members ?? [] {
      let bytes = try #require(SubwordGoldenTexts.generated(text, 100_000))
      #expect(idDigest(tokenizer.encode(utf8: bytes)) == digest.stringValue, "\(text)")
    }
    #expect(digests?.keys.count == 3)
  }

  @Test(
    .enabled(if: SubwordGoldens.hasRealFiles, "no tokenizers in the data folder (ENSUE_DATA)"),
    arguments: SubwordGoldens.names("real"))
  func oneMegabyteOfEachKind(_ name: String) throws {
    let tokenizer = try SubwordGoldens.real(name)
    let digests = try SubwordGoldens.entry("real", name)["digests"]?.objectValue
    for (text, digest) in digests?.members ?? [] {
      let bytes =
        try SubwordGoldenTexts.generated(text, 1_000_000) ?? SubwordGoldenTexts.read(text, 1_000_000)
      #expect(idDigest(tokenizer.encode(utf8: bytes)) == digest.stringValue, "\(text)")
    }
    #expect(digests?.keys.count == 6)
  }

  @Test(arguments: SubwordGoldens.names("small")) func writtenAndReadAgainItIsTheSame(_ name: String) throws {
    let tokenizer = try SubwordGoldens.small(name)
    let again = try SubwordTokenizer(json: tokenizer.json, place: name)
    #expect(again == tokenizer)
    #expect(again.json == tokenizer.json)
    let parsed = try JSONValue.parse(Array(tokenizer.json.description.utf8), name: name)
    #expect(try SubwordTokenizer(json: parsed, place: name) == tokenizer)
  }

  @Test(arguments: SubwordGoldens.names("small")) func streamedDecodingIsWholeDecoding(_ name: String) throws {
    let tokenizer = try SubwordGoldens.small(name)
    for text in SubwordGoldens.texts {
      let ids = tokenizer.encode(text)
      var decoder = tokenizer.makeStreamDecoder()
      var parts = ids.map { decoder.append($0) }
      parts.append(decoder.finish())
      let whole = tokenizer.decode(ids)
      // What is no character stays open until it is clear that it never will be one.
      #expect(parts.joined() == whole || whole.unicodeScalars.contains("\u{FFFD}"), "\(text)")
    }
  }

  private func compare(_ kind: String, _ name: String) throws {
    let tokenizer = try SubwordGoldens.tokenizer(kind, name)
    let entry = try SubwordGoldens.entry(kind, name)
    #expect(tokenizer.vocabularySize == entry["size"]?.integerValue)
    let rows = try #require(entry["ids"]?.arrayValue)
    let decoded = try #require(entry["decoded"]?.arrayValue)
    for (index, text) in SubwordGoldens.texts.enumerated() {
      let wanted = SubwordGoldens.ids(rows[index])
      let found = tokenizer.encode(text)
      #expect(
        found == wanted, "\(Failure.shown(text)): \(found.map { tokenizer.token(of: $0) ?? "" })")
      let back = tokenizer.decode(wanted)
      let original = decoded[index].stringValue ?? text
      #expect(back.utf8.elementsEqual(original.utf8), "\(Failure.shown(back)), not \(Failure.shown(original))")
    }
    try comparePairs(tokenizer, entry)
  }

  private func comparePairs(_ tokenizer: SubwordTokenizer, _ entry: JSONObject) throws {
    let wanted = try #require(entry["pairs"]?.arrayValue)
    for (texts, value) in zip(SubwordGoldens.pairs, wanted) {
      let object = try #require(value.objectValue)
      let pair = tokenizer.encoding(ofPair: texts[0], texts[1])
      #expect(pair.ids == SubwordGoldens.ids(object["ids"]))
      #expect(pair.typeIDs == SubwordGoldens.ids(object["types"]))
      #expect(tokenizer.encode(texts[0], addsSpecialTokens: true) == SubwordGoldens.ids(object["single"]))
      let plain = tokenizer.encoding(ofPair: texts[0], texts[1], addsSpecialTokens: false)
      #expect(plain.typeIDs == SubwordGoldens.ids(object["plainTypes"]))
    }
  }
}
