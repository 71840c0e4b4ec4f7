// Tokenizers of the Hub's folders, tokenizer.json and what was there before it (Tests/Goldens/pretrained-decoders.py): ids
// with special tokens, of pairs, and cut.

import EnsueBundle
import EnsueFiles
import EnsueTestSupport
import EnsueText
import Testing

@Suite struct PretrainedTokenizerTests {
  private static let golden = try? JSONValue.contents(of: TestFiles.golden("pretrained-decoders.json")).objectValue

  private static func ids(_ value: JSONValue) -> [Int32] {
    value.arrayValue?.compactMap { $0.integerValue.map(Int32.init) } ?? []
  }

  private static func rows(_ folder: JSONValue?, _ key: String) -> [[JSONValue]] {
    folder?.objectValue?[key]?.arrayValue?.compactMap(\.arrayValue) ?? []
  }

  @Test func idsAreTransformers() throws {
    let golden = try #require(Self.golden)
    #expect(golden.keys.count == 11)
    for (name, folder) in golden.members {
      let tokenizer = try PretrainedFolder(PretrainedDecoderTests.folder(name)).tokenizer()
      let texts = Self.rows(folder, "texts")
      #expect(texts.count == 9)
      for row in texts {
        let text = try #require(row[0].stringValue)
        let found = tokenizer.encode(text, addsSpecialTokens: true)
        #expect(found == Self.ids(row[1]), "\(name): \(text)")
      }
    }
  }

  /// Through the program, of folders with the older files too.
  @Test func theProgramReadsFoldersAsModelsDo() throws {
    for (name, folder) in try #require(Self.golden).members {
      try Self.checkProgram(PretrainedDecoderTests.folder(name), Self.rows(folder, "texts"), ["--special"])
    }
    for name in PretrainedTranslatorTests.names {
      let sources = try PretrainedTranslatorTests.entries(name, "sources")
      try Self.checkProgram(PretrainedTranslatorTests.folder(name), sources, [])
    }
  }

  private static func checkProgram(
    _ folder: String, _ rows: [[JSONValue]], _ options: [String]
  ) throws {
    try Sandbox.with { sandbox in
      let texts = rows.map { $0[0].stringValue ?? "" }
      let lines = rows.indices.filter { row in !texts[row].utf8.contains { $0 == 10 || $0 == 13 } }
      #expect(lines.count > 1, "\(folder)")
      let found = try Program.run(
        ["tokenize", "encode", folder] + options, in: sandbox.path,
        input: Array(lines.map { "\(texts[$0])\n" }.joined().utf8))
      let expected = lines.map { row in Self.ids(rows[row][1]).map { "\($0)" }.joined(separator: " ") }
      #expect(found.code == 0 && found.outputLines == expected, "\(folder): \(found)")
    }
  }

  /// Tokens that tokenizer_config.json adds to a tokenizer.json; one that the model has no vector for is no token.
  @Test(arguments: [340, 341, 342]) func addedTokensAreThoseThatTheModelHas(_ size: Int) throws {
    try Sandbox.with { sandbox in
      let path = PretrainedDecoderTests.folder("llama")
      for name in ["config.json", "tokenizer.json"] {
        try sandbox.write(InputFile.contents(of: "\(path)/\(name)"), "llama/\(name)")
      }
      try sandbox.replace("\"vocab_size\": 340", with: "\"vocab_size\": \(size)", in: "llama/config.json")
      let added = #"{"340": {"content": "[X]", "special": true}, "341": {"content": "[PAD]", "special": true}}"#
      try sandbox.write("{\"added_tokens_decoder\": \(added)}", "llama/tokenizer_config.json")
      let tokenizer = try PretrainedFolder(sandbox.place("llama")).tokenizer()
      #expect(tokenizer.vocabularySize == size)
      let found = try Program.run("tokenize encode llama", in: sandbox.path, input: Array("[X][PAD]\n".utf8))
      let ids = tokenizer.encode("[X][PAD]", addsSpecialTokens: false)
      #expect(found.outputLines == [ids.map { "\($0)" }.joined(separator: " ")], "\(found)")
      #expect(ids.contains(340) == (size > 340) && ids.contains(341) == (size > 341), "\(ids)")
    }
  }

  @Test func pairsAndCutsAreTransformers() throws {
    var count = 0
    for (name, folder) in try #require(Self.golden).members {
      let tokenizer = try PretrainedFolder(PretrainedDecoderTests.folder(name)).tokenizer()
      for row in Self.rows(folder, "pairs") {
        let (first, second) = (row[0].stringValue ?? "", row[1].stringValue ?? "")
        #expect(tokenizer.encoding(ofPair: first, second).ids == Self.ids(row[2]), "\(name): \(first)")
        let cut = tokenizer.encoding(of: first, second, maximumLength: 12)
        #expect(cut.encoding.ids == Self.ids(row[3]), "\(name): \(first)")
        #expect(cut.isCut == (Self.ids(row[2]).count > 12))
        count += 1
      }
      for row in Self.rows(folder, "cut") {
        let text = row[0].stringValue ?? ""
        let cut = tokenizer.encoding(of: text, maximumLength: 12)
        #expect(cut.encoding.ids == Self.ids(row[1]), "\(name): \(text)")
        count += 1
      }
    }
    #expect(count == 6 * (2 + 9))
  }

  /// Of a pair the longer text is cut first, then both evenly: every sum of lengths.
  @Test func theLongerTextIsCutFirst() throws {
    let tokenizer = try PretrainedFolder(PretrainedDecoderTests.folder("tokenizer-bert-lower")).tokenizer()
    for first in 0...9 {
      for second in 0...9 {
        for limit in 3...20 {
          let (encoding, isCut) = tokenizer.encoding(
            of: String(repeating: "a ", count: first), String(repeating: "a ", count: second), maximumLength: limit)
          let kept = [Int32](0...1).map { type in
            zip(encoding.typeIDs, encoding.isSpecial).count { $0 == type && !$1 }
          }
          // One id after another is taken from the longer, of equals from the one that transformers takes it from.
          let (shorter, longer) = (min(first, second), max(first, second))
          let room = limit - 3
          let low = first + second <= room ? shorter : min(shorter, room / 2)
          let high = first + second <= room ? longer : room - low
          #expect(kept == (first <= second ? [low, high] : [high, low]), "\(first), \(second) in \(limit)")
          #expect(isCut == (first + second > room))
        }
      }
    }
  }

  @Test func aMaximumOfTheTokenizerCounts() throws {
    try TestFiles.withDirectory { directory in
      let path = PretrainedDecoderTests.folder("gpt2")
      for name in ["config.json", "vocab.json", "merges.txt"] {
        try OutputFile.write(InputFile.contents(of: "\(path)/\(name)"), to: "\(directory)/\(name)")
      }
      for (text, length) in [("7", 7), ("1000000000000000019884624838656", 48), ("1e30", 48), ("49", 48)] {
        try OutputFile.write(#"{"model_max_length": \#(text)}"#, to: "\(directory)/tokenizer_config.json")
        #expect(try PretrainedFolder(directory).maximumLength == length)
      }
    }
  }
}
