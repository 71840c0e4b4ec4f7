// Added tokens and settings beside a folder's vocabulary, against transformers (Tests/Goldens/tokenizer-settings.py).

import EnsueFiles
import EnsueText
import Testing

struct TokenizerSettingsTests {
  private static let cases: JSONObject =
    (try? JSONValue.contents(of: "\(SubwordGoldens.folder)/tokenizer-settings.json").objectValue)?["cases"]?
    .objectValue ?? JSONObject()

  @Test func thereAreCases() { #expect(TokenizerSettingsTests.cases.keys.count == 16) }

  @Test(arguments: TokenizerSettingsTests.cases.keys) func idsAreThoseOfTransformers(_ name: String) throws {
    let recipe = try #require(TokenizerSettingsTests.cases[name]?.objectValue)
    let folder = try TemporaryFolder()
    for (file, source) in recipe["files"]?.objectValue?.members ?? [] {
      let bytes = try InputFile.contents(of: "\(SubwordGoldens.folder)/\(source.stringValue ?? "")")
      _ = try folder.write(bytes, to: file)
    }
    for (key, file) in [("settings", "tokenizer_config.json"), ("added", "added_tokens.json")] {
      if let value = recipe[key] { _ = try folder.write(value.description, to: file) }
    }
    let style: HubTokenizerStyle =
      switch recipe["family"]?.stringValue {
      case "gpt2": .gpt2
      case "llama": .llama
      default: .bert
      }
    let tokenizer = try SubwordTokenizer(hubFolder: folder.path, style: style)
    for (text, ids) in recipe["ids"]?.objectValue?.members ?? [] {
      let expected = ids.arrayValue?.compactMap { $0.integerValue.map { Int32($0) } }
      #expect(tokenizer.encode(text, addsSpecialTokens: true) == expected, "\(text)")
    }
  }

  /// What begins a prompt, although something stands behind a text.
  @Test func theBeginningIsKnownWithAnEnd() throws {
    let folder = try TemporaryFolder()
    let model = try InputFile.contents(of: "\(SubwordGoldens.folder)/pretrained-decoders/mistral/tokenizer.model")
    _ = try folder.write(model, to: "tokenizer.model")
    for (settings, beginning) in [
      (#"{"add_bos_token": true, "add_eos_token": true}"#, [1]), (#"{"add_bos_token": true}"#, [1]),
      (#"{"add_bos_token": false, "add_eos_token": true}"#, []), (#"{"add_bos_token": false}"#, []),
    ] as [(String, [Int32])] {
      _ = try folder.write(settings, to: "tokenizer_config.json")
      #expect(try SubwordTokenizer(hubFolder: folder.path, style: .llama).beginning == beginning, "\(settings)")
    }
  }

  @Test(arguments: [
    (#"{"added_tokens_decoder": []}"#, "{}", "added_tokens_decoder: an object expected"),
    (#"{"added_tokens_decoder": {"x": {"content": "a"}}}"#, "{}", "an id expected as the key"),
    (#"{"added_tokens_decoder": {"167": {"lstrip": true}}}"#, "{}", "the member 'content' expected"),
    (#"{"added_tokens_decoder": {"167": 3}}"#, "{}", "an object expected"),
    ("{}", #"{"new": 168}"#, "the id 167 for 'new' expected, found 168"),
    ("{}", #"{"[CLS]": 5}"#, "the id 2 for '[CLS]' expected, found 5"),
    ("{}", #"{"new": "167"}"#, "a whole number"), ("{}", #"{"": 167}"#, "found an empty string"),
  ])
  func badAdditionsAreNamed(_ settings: String, _ added: String, _ words: String) throws {
    let folder = try TemporaryFolder()
    let file = "\(SubwordGoldens.folder)/family-tokenizers/bert.json"
    _ = try folder.write(InputFile.contents(of: file), to: "tokenizer.json")
    _ = try folder.write(settings, to: "tokenizer_config.json")
    _ = try folder.write(added, to: "added_tokens.json")
    let failure = #expect(throws: Failure.self) { try SubwordTokenizer(hubFolder: folder.path, style: .bert) }
    #expect(failure?.description.contains(words) == true, "\(failure?.description ?? "nothing")")
  }
}
