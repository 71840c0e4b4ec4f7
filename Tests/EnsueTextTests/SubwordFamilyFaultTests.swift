// Faulty tokenizer files of the SentencePiece and BERT families: pieces with scores, word pieces, and what is around
// them.

import EnsueText
import Testing

struct SubwordFamilyFaultTests {
  typealias Fault = SubwordFaultTests.Fault

  private static func added(_ tokens: [String]) -> String {
    let rules = "\"single_word\":false,\"lstrip\":false,\"rstrip\":false,\"normalized\":false,\"special\":true"
    let list = tokens.enumerated().map { "{\"id\":\($0),\"content\":\"\($1)\",\(rules)}" }
    return "\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[\(list.joined(separator: ","))]"
  }

  static let pieces = """
    {\(added(["<s>", "</s>", "<unk>"])),
    "normalizer":{"type":"NFKC"},
    "pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
    "post_processor":{"type":"RobertaProcessing","sep":["</s>",1],"cls":["<s>",0],"trim_offsets":true,"add_prefix_space":false},
    "decoder":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true},
    "model":{"type":"Unigram","unk_id":2,"vocab":[["<s>",0.0],["</s>",0.0],["<unk>",0.0],["▁",-2.5],["a",-3.0],["▁a",-2.0],["b",-3.5]],"byte_fallback":false}}
    """

  static let pieceFaults = [
    Fault("[\"a\",-3.0]", "[\"a\",\"x\"]", "tokenizer.json, model.vocab[4][1]", "a finite score", "'x'"),
    Fault("[\"a\",-3.0]", "[\"a\",null]", "model.vocab[4][1]", "null"),
    Fault("[\"a\",-3.0]", "[\"a\",-1e999]", "model.vocab[4][1]", "-1e999"),
    Fault("[\"a\",-3.0]", "[\"a\",NaN]", "expected"),
    Fault("[\"a\",-3.0]", "[\"a\"]", "model.vocab[4]", "a piece and its score"),
    Fault("[\"a\",-3.0]", "[\"a\",-3.0,0]", "model.vocab[4]", "a piece and its score"),
    Fault("[\"a\",-3.0]", "\"a\"", "model.vocab[4]", "'a'"),
    Fault("[\"a\",-3.0]", "[4,-3.0]", "model.vocab[4][0]", "a piece expected", "4"),
    Fault("[\"b\",-3.5]", "[\"a\",-3.5]", "model.vocab", "'a' again"),
    Fault("\"unk_id\":2", "\"unk_id\":7", "model", "below 7", "found 7"),
    Fault("\"unk_id\":2", "\"unk_id\":null", "model", "the unknown piece", "found none"),
    Fault("\"unk_id\":2", "\"unk_id\":-1", "model.unk_id", "-1"),
    Fault("\"unk_id\":2", "\"unk_id\":\"<unk>\"", "model.unk_id", "'<unk>'"),
    Fault("\"vocab\":[[", "\"vocab\":[],\"pieces\":[[", "model", "below 0"),
    Fault("\"byte_fallback\":false", "\"byte_fallback\":\"no\"", "model", "'byte_fallback'", "'no'"),
    Fault("\"replacement\":\"▁\",", "", "pre_tokenizer", "'replacement' expected"),
    Fault("\"split\":true", "\"split\":1", "pre_tokenizer", "'split'"),
    Fault(
      "\"decoder\":{\"type\":\"Metaspace\",\"replacement\":\"▁\"",
      "\"decoder\":{\"type\":\"Metaspace\",\"replacement\":\"▁▁\"", "decoder", "one character"),
    Fault("\"sep\":[\"</s>\",1]", "\"sep\":[\"</s>\",9]", "post_processor", "below 7", "found 9"),
    Fault("\"sep\":[\"</s>\",1]", "\"sep\":[\"</s>\",\"1\"]", "post_processor.sep", "'1'"),
    Fault("\"sep\":[\"</s>\",1]", "\"sep\":[\"</s>\"]", "post_processor", "'sep'"),
    Fault("\"cls\":[\"<s>\",0],", "", "post_processor", "'cls' expected"),
    Fault("\"trim_offsets\":true,", "", "post_processor", "'trim_offsets' expected"),
    Fault("\"RobertaProcessing\"", "\"BertProcessing\"", "post_processor", "unknown member"),
    Fault("\"NFKC\"", "\"Precompiled\"", "normalizer", "'precompiled_charsmap' expected"),
  ]

  static let wordPieces = """
    {\(added(["[UNK]", "[CLS]", "[SEP]"])),
    "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
    "pre_tokenizer":{"type":"BertPreTokenizer"},
    "post_processor":{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"[SEP]","type_id":0}}],"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":1}}],"special_tokens":{"[CLS]":{"id":"[CLS]","ids":[1],"tokens":["[CLS]"]},"[SEP]":{"id":"[SEP]","ids":[2],"tokens":["[SEP]"]}}},
    "decoder":{"type":"WordPiece","prefix":"##","cleanup":true},
    "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"un":3,"##able":4,"able":5}}}
    """

  static let wordPieceFaults = [
    Fault("\"unk_token\":\"[UNK]\"", "\"unk_token\":\"[unk]\"", "model", "the unknown token", "'[unk]'"),
    Fault("\"unk_token\":\"[UNK]\"", "\"unk_token\":null", "model", "'unk_token' expected"),
    Fault("\"continuing_subword_prefix\":\"##\",", "", "model", "'continuing_subword_prefix' expected"),
    Fault("_prefix\":\"##\"", "_prefix\":2", "model", "'continuing_subword_prefix'", "2"),
    Fault("_word\":100", "_word\":-1", "model.max_input_chars_per_word", "-1"),
    Fault("_word\":100", "_word\":99999999999", "model.max_input_chars_per_word", "99999999999"),
    Fault("_word\":100", "_word\":\"100\"", "model.max_input_chars_per_word", "'100'"),
    Fault("\"able\":5", "\"##able\":5", "twice"), Fault("\"able\":5", "\"able\":4", "model.vocab", "each id once"),
    Fault("\"able\":5", "\"able\":6", "model.vocab", "without a gap", "6"),
    Fault("\"able\":5", "\"able\":5.5", "model.vocab, token 'able'", "5.5"),
    Fault("\"able\":5", "\"able\":null", "model.vocab, token 'able'", "null"),
    Fault("\"type\":\"WordPiece\",\"unk", "\"type\":\"Unigram\",\"unk", "model", "'vocab'", "an array"),
    Fault("\"ids\":[2]", "\"ids\":[6]", "post_processor", "below 6", "found 6"),
    Fault("\"ids\":[2]", "\"ids\":[]", "special_tokens.[SEP]", "as many"),
    Fault("\"[SEP]\":{\"id\":\"[SEP]\"", "\"[SEP]\":{\"id\":\"[END]\"", "special_tokens.[SEP]", "its own name"),
    Fault("\"type_id\":1", "\"type_id\":-1", "post_processor.pair[1].Sequence.type_id", "-1"),
    Fault(",\"cleanup\":true", "", "decoder", "'cleanup' expected"),
    Fault("\"prefix\":\"##\"", "\"prefix\":null", "decoder", "'prefix' expected"),
    Fault("\"BertPreTokenizer\"", "\"BertPretokenizer\"", "pre_tokenizer", "a pre-tokenizer", "'BertPretokenizer'"),
    Fault("\"lowercase\":true", "\"lowercase\":\"yes\"", "normalizer", "'lowercase'", "'yes'"),
    Fault("\"id\":2,\"content\"", "\"id\":3,\"content\"", "added_tokens[2]", "the id 2", "found 3"),
  ]

  @Test func theSoundFilesAreSound() throws {
    let unigram = try SubwordFaultTests.read(Self.pieces)
    #expect(unigram.encode("ab", addsSpecialTokens: true) == [0, 5, 6, 1])
    let bert = try SubwordFaultTests.read(Self.wordPieces)
    #expect(bert.encode("Unable", addsSpecialTokens: true) == [1, 3, 4, 2])
    #expect(bert.encode("unables", addsSpecialTokens: false) == [0])
  }

  @Test(arguments: pieceFaults) func faultsOfPiecesAreRefused(_ fault: Fault) throws {
    try fault.check(in: Self.pieces)
  }

  @Test(arguments: wordPieceFaults) func faultsOfWordPiecesAreRefused(_ fault: Fault) throws {
    try fault.check(in: Self.wordPieces)
  }

  /// As in the reference: the rest of a word is then cut into the tokens that words begin with.
  @Test func anEmptyPrefixIsSound() throws {
    let text = try Fault("_prefix\":\"##\"", "_prefix\":\"\"").text(of: Self.wordPieces)
    let tokenizer = try SubwordFaultTests.read(text)
    #expect(tokenizer.encode("unable", addsSpecialTokens: false) == [3, 5])
  }

  /// A piece without a byte is never found, and so does not hold the search up.
  @Test func anEmptyPieceIsNeverFound() throws {
    let text = try Fault("[\"b\",-3.5]", "[\"\",-0.5]").text(of: Self.pieces)
    let tokenizer = try SubwordFaultTests.read(text)
    #expect(tokenizer.encode("aba", addsSpecialTokens: false) == [5, 2, 4])
  }
}
