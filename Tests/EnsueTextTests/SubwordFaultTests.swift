// Faulty tokenizer files: each fault is refused with words that say where and what.

import EnsueFiles
import EnsueText
import Testing

struct SubwordFaultTests {
  /// A change to a sound file: what is replaced, by what, and words of the message.
  struct Fault: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let words: [String]

    init(_ old: String, _ new: String, _ words: String...) { (self.old, self.new, self.words) = (old, new, words) }

    var testDescription: String { "\(old) → \(new)" }

    /// A sound file with the change.
    func text(of sound: String) throws -> String {
      let range = try #require(sound.firstRange(of: old), "the sound file lacks \(old)")
      return sound.replacingCharacters(in: range, with: new)
    }

    /// With the change a sound file is refused in one line that has the words.
    func check(in sound: String) throws {
      let text = try text(of: sound)
      let failure = #expect(throws: Failure.self) { try SubwordFaultTests.read(text) }
      #expect(failure?.kind == .data)
      let message = failure?.description ?? ""
      #expect(!message.utf8.contains(0x0A), "\(message)")
      for word in words { #expect(message.contains(word), "\(message)") }
    }
  }

  static let sound = """
    {"version":"1.0","truncation":null,"padding":null,
    "added_tokens":[{"id":0,"content":"<u>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
    {"id":6,"content":"<x>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
    "normalizer":{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Replace","pattern":{"String":"q"},"content":"k"},{"type":"Strip","strip_left":true,"strip_right":true},{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}]},
    "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Metaspace","replacement":"_","prepend_scheme":"first","split":true},{"type":"Split","pattern":{"Regex":"\\\\s+"},"behavior":"Isolated","invert":false},{"type":"Digits","individual_digits":true}]},
    "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<x>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"<x>":{"id":"<x>","ids":[6],"tokens":["<x>"]}}},
    "decoder":{"type":"Strip","content":"_","start":1,"stop":0},
    "model":{"type":"BPE","dropout":null,"unk_token":"<u>","continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":{"<u>":0,"a":1,"b":2,"c":3,"ab":4,"abc":5},"merges":[["a","b"],["ab","c"]]}}
    """

  static let faults = [
    Fault("{\"version\"", "[\"version\"", "expected"),
    Fault("\"version\":\"1.0\"", "\"version\":\"2.0\"", "version 1.0", "2.0"),
    Fault("\"version\":\"1.0\"", "\"version\":1.0", "'version'", "1.0"),
    Fault("\"truncation\"", "\"truncate\"", "'truncate'", "unknown member"),
    Fault("\"model\":", "\"modl\":", "'model' expected"), Fault("\"model\":{", "\"model\":{},\"model\":{", "twice"),
    Fault("\"id\":0,\"content\"", "\"id\":1,\"content\"", "added_tokens[0]", "the id 0", "found 1"),
    Fault("\"id\":6,\"content\"", "\"id\":7,\"content\"", "added_tokens[1]", "the id 6", "found 7"),
    Fault("\"id\":6,\"content\"", "\"id\":-6,\"content\"", "added_tokens[1]", "-6"),
    Fault("\"id\":6,\"content\"", "\"id\":6.0,\"content\"", "6.0"),
    Fault("\"id\":6,\"content\"", "\"id\":99999999999,\"content\"", "99999999999"),
    Fault("\"content\":\"<x>\"", "\"content\":\"\"", "empty string"),
    Fault("\"content\":\"<x>\"", "\"content\":\"<u>\"", "added_tokens[1]", "again"),
    Fault("\"content\":\"<x>\",", "", "'content' expected"),
    Fault(
      "\"rstrip\":false,\"normalized\":false,\"special\":true},",
      "\"rstrip\":0,\"normalized\":false,\"special\":true},", "'rstrip'", "true or false"),
    Fault("\"special\":true}]", "\"special\":true,\"colour\":1}]", "'colour'"),
    Fault("\"added_tokens\":[", "\"added_tokens\":[7,", "added_tokens[0]", "an object"),
    Fault("\"NFC\"", "\"NFX\"", "normalizer.normalizers[0]", "a normalizer", "'NFX'"),
    Fault("{\"type\":\"NFC\"}", "{}", "normalizers[0]", "'type'"),
    Fault("{\"type\":\"NFC\"}", "{\"type\":\"NFC\",\"x\":1}", "normalizers[0]", "'x'"),
    Fault("{\"type\":\"NFC\"}", "null", "normalizers[0]", "null"),
    Fault("\"normalizers\":[", "\"normalisers\":[", "'normalizers' expected"),
    Fault("{\"String\":\"q\"}", "{\"String\":\"\"}", "normalizers[1].pattern", "empty"),
    Fault("{\"String\":\"q\"}", "{\"Regex\":\"(a+)+$\"}", "(a+)+$", "scanner"),
    Fault("{\"String\":\"q\"}", "\"q\"", "normalizers[1].pattern", "an object"),
    Fault("\"content\":\"k\"", "\"content\":5", "'content'", "5"),
    Fault("\"strip_left\":true,", "", "'strip_left' expected"),
    Fault("\"strip_accents\":null", "\"strip_accents\":\"no\"", "'strip_accents'", "'no'"),
    Fault(
      "{\"type\":\"NFC\"}", "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"AAA\"}", "precompiled_charsmap",
      "'AAA'"),
    Fault("{\"type\":\"NFC\"}", "{\"type\":\"Precompiled\",\"precompiled_charsmap\":\"/////w==\"}", "character map"),
    Fault("{\"type\":\"NFC\"}", "{\"type\":\"Prepend\",\"prepend\":null}", "'prepend' expected"),
    Fault("\"Metaspace\"", "\"Metaplace\"", "pre_tokenizer.pretokenizers[0]", "a pre-tokenizer", "'Metaplace'"),
    Fault("\"replacement\":\"_\"", "\"replacement\":\"__\"", "one character", "'__'"),
    Fault("\"replacement\":\"_\"", "\"replacement\":\"\"", "one character"),
    Fault("\"prepend_scheme\":\"first\"", "\"prepend_scheme\":\"last\"", "first, never, always", "'last'"),
    Fault(
      "\"prepend_scheme\":\"first\"", "\"prepend_scheme\":\"first\",\"add_prefix_space\":false", "add_prefix_space",
      "first"),
    Fault("\\\\s+", "\\\\w+", "pretokenizers[1].pattern", "\\w+"),
    Fault("\"Isolated\"", "\"Apart\"", "'behavior'", "'Apart'"),
    Fault(",\"invert\":false", "", "'invert' expected"),
    Fault("\"individual_digits\":true", "\"individual_digits\":1", "'individual_digits'"),
    Fault("{\"type\":\"Digits\",\"individual_digits\":true}", "{\"type\":\"UnicodeScripts\"}", "'UnicodeScripts'"),
    Fault("\"TemplateProcessing\"", "\"TemplatProcessing\"", "a post-processor", "'TemplatProcessing'"),
    Fault(
      "\"id\":\"A\",\"type_id\":0}}],\"pair\"", "\"id\":\"C\",\"type_id\":0}}],\"pair\"", "single[1].Sequence",
      "A or B", "'C'"),
    Fault("\"id\":\"A\",\"type_id\":0}}],\"pair\"", "\"id\":\"B\",\"type_id\":0}}],\"pair\"", "'single'"),
    Fault("{\"SpecialToken\":{\"id\":\"<x>\"", "{\"SpecialToken\":{\"id\":\"<y>\"", "single[0].SpecialToken", "'<y>'"),
    Fault("{\"SpecialToken\":", "{\"Special\":", "single[0]", "'SpecialToken'"),
    Fault("\"ids\":[6]", "\"ids\":[7]", "post_processor", "below 7", "found 7"),
    Fault("\"ids\":[6]", "\"ids\":[6,6]", "as many"), Fault("\"ids\":[6]", "\"ids\":[\"6\"]", "'6'"),
    Fault("\"decoder\":{\"type\":\"Strip\"", "\"decoder\":{\"type\":\"CTC\"", "a decoder", "'CTC'"),
    Fault("\"start\":1", "\"start\":-1", "decoder.start", "-1"),
    Fault("\"BPE\"", "\"BPF\"", "a model", "'BPF'"), Fault("\"dropout\":null", "\"dropout\":0.1", "dropout", "0.1"),
    Fault("\"unk_token\":\"<u>\"", "\"unk_token\":\"<v>\"", "unknown token", "'<v>'"),
    Fault("\"b\":2", "\"b\":1", "each id once", "1"),
    Fault("\"abc\":5", "\"abc\":9", "without a gap", "9"), Fault("\"abc\":5", "\"a\":5", "twice"),
    Fault("\"abc\":5", "\"abc\":\"5\"", "'abc'", "'5'"),
    Fault("\"vocab\":{\"<u>\":0", "\"vocab\":[{\"<u>\":0", "expected"),
    Fault("[\"ab\",\"c\"]", "[\"ab\",\"d\"]", "merges[1]", "'d'"),
    Fault("[\"ab\",\"c\"]", "[\"b\",\"c\"]", "merges[1]", "'bc'"),
    Fault("[\"ab\",\"c\"]", "[\"a\",\"b\"]", "merges[1]", "again"),
    Fault("[\"ab\",\"c\"]", "[\"ab\"]", "merges[1]", "two tokens"), Fault("[\"ab\",\"c\"]", "\"ab  c\"", "merges[1]"),
    Fault("[\"ab\",\"c\"]", "7", "merges[1]", "7"), Fault("\"merges\":[", "\"merges\":{", "expected"),
    Fault("]]}}", "]]}", "'}' expected"), Fault("]]}}", "]]}}}", "more text"),
  ]

  @Test func theSoundFileIsSound() throws {
    let tokenizer = try SubwordFaultTests.read(SubwordFaultTests.sound)
    #expect(tokenizer.vocabularySize == 7)
    #expect(tokenizer.encode("abc", addsSpecialTokens: true) == [6, 0, 5])
    #expect(SubwordFaultTests.faults.count >= 60)
  }

  @Test(arguments: SubwordFaultTests.faults) func faultsAreRefused(_ fault: Fault) throws {
    try fault.check(in: SubwordFaultTests.sound)
  }

  @Test func aTokenizerWithoutTokensIsRefused() throws {
    let failure = #expect(throws: Failure.self) {
      try SubwordFaultTests.read(
        """
        {"version":"1.0","added_tokens":[],"model":{"type":"BPE","unk_token":null,"vocab":{},"merges":[]}}
        """)
    }
    #expect(failure?.kind == .data && failure?.description.contains("tokenizer.json, model: a token") == true)
  }

  @Test func modelsRefuseWhatTheyCannotUse() {
    #expect(throws: Failure.self) { try UnigramModel(pieces: [("a", 0)], unknownID: nil) }
    #expect(throws: Failure.self) { try UnigramModel(pieces: [("a", 0)], unknownID: 1) }
    #expect(throws: Failure.self) { try UnigramModel(pieces: [("a", 0), ("a", 1)], unknownID: 0) }
    #expect(throws: Failure.self) { try WordPieceModel(vocabulary: ["a"]) }
    #expect(throws: Failure.self) { try WordLevelModel(vocabulary: ["a"]) }
  }

  static func read(_ text: String) throws -> SubwordTokenizer {
    try SubwordTokenizer(json: JSONValue.parse(Array(text.utf8), name: "tokenizer.json"), place: "tokenizer.json")
  }
}

extension String {
  fileprivate func firstRange(of part: String) -> Range<String.Index>? {
    let (whole, part) = (Array(utf8), Array(part.utf8))
    guard whole.count >= part.count else { return nil }
    for start in 0...whole.count - part.count where whole[start..<start + part.count].elementsEqual(part) {
      return utf8.index(startIndex, offsetBy: start)..<utf8.index(startIndex, offsetBy: start + part.count)
    }
    return nil
  }

  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
