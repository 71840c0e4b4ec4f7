// The files that tokenizers come in: tokenizer.json, and what was there before it.

import EnsueFiles

extension SubwordTokenizer {
  /// The largest file that is read.
  static let maximumFileSize = 64 << 20

  /// Reads a tokenizer: a `tokenizer.json`, a BERT vocabulary (`vocab.txt`), the `vocab.json` of GPT-2 or the first GPT
  /// with `merges.txt` beside it, a SentencePiece model (`.model`), or a folder with one of these.
  /// - Throws: `Failure` that names the file and what is wrong in it.
  public init(contentsOf path: String) throws {
    if InputFile.isDirectory(path) {
      try self.init(contentsOf: SubwordTokenizer.file(in: path))
    } else if path.hasSuffix(".model") {
      try self.init(sentencePieceFile: path)
    } else if path.hasSuffix(".txt") {
      try self.init(wordPieceFile: path)
    } else if path.hasSuffix("vocab.json") {
      try self.init(vocabularyFile: path)
    } else {
      try self.init(json: .contents(of: path, limit: SubwordTokenizer.maximumFileSize), place: path)
    }
  }

  /// The files that are read of a path: of a folder one of them, with a vocab.json its merges.txt.
  /// - Throws: `Failure` of kind `missing` for a folder without any.
  public static func files(of path: String) throws -> [String] {
    if InputFile.isDirectory(path) { return try files(of: file(in: path)) }
    return path.hasSuffix("vocab.json") ? [path, mergesFile(beside: path)] : [path]
  }

  private static func mergesFile(beside vocabulary: String) -> String {
    String(vocabulary.dropLast("vocab.json".count)) + "merges.txt"
  }

  /// The file of a folder that says most.
  private static func file(in folder: String) throws -> String {
    let names = try InputFile.names(in: folder)
    for name in ["tokenizer.json", "vocab.json", "vocab.txt"] where names.contains(name) { return "\(folder)/\(name)" }
    let models = names.filter { $0.hasSuffix(".model") }
    guard models.count == 1 else {
      throw Failure(
        .missing, at: folder,
        "tokenizer.json, vocab.json, vocab.txt or one file that ends with .model expected, found "
          + (models.isEmpty ? "none" : "\(models.count) such models"))
    }
    return "\(folder)/\(models[0])"
  }

  /// BERT's `vocab.txt`: a token a line.
  /// - Parameters:
  ///   - normalization: what is done to a text; nil: letters are lower-cased when no token has a capital but those in
  ///     brackets.
  ///   - names: of its special tokens.
  init(
    wordPieceFile path: String, normalization: BertNormalization? = nil, names: SpecialTokenNames = .bert
  ) throws {
    var tokens = try SubwordTokenizer.lines(of: path)
    if tokens.last == "" { tokens.removeLast() }
    tokens = tokens.map(SubwordTokenizer.trimmed)
    let lowercases = !tokens.contains { token in
      !token.hasPrefix("[") && token.utf8.contains { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
    }
    let model = try WordPieceModel(
      vocabulary: tokens, unknownToken: names[.unknown] ?? "", continuingPrefix: "##", longestWord: 100, at: path)
    self = try .bert(model, normalization: normalization ?? BertNormalization(lowercases: lowercases), names: names)
  }

  /// `vocab.json` with `merges.txt` beside it.
  init(vocabularyFile path: String) throws {
    let vocabulary = try TokenList.tokens(.contents(of: path, limit: SubwordTokenizer.maximumFileSize), at: path)
    let pairs = try SubwordTokenizer.merges(of: SubwordTokenizer.mergesFile(beside: path))
    let marksEnds = vocabulary.contains { $0.hasSuffix("</w>") }
    let model = try BytePairModel(
      vocabulary: vocabulary, merges: pairs, unknownToken: vocabulary.contains("<unk>") ? "<unk>" : nil,
      continuingPrefix: nil, endOfWordSuffix: marksEnds ? "</w>" : nil, fusesUnknown: false, fallsBackToBytes: false,
      ignoresMerges: false, at: path)
    let special = ["<|endoftext|>", "<s>", "<pad>", "</s>", "<unk>", "<mask>"].filter { vocabulary.contains($0) }
    self = marksEnds ? try .openAIGPT(model, specialTokens: special) : try .gpt2(model, specialTokens: special)
  }

  /// A merge a line; a first line with the version is left out.
  private static func merges(of path: String) throws -> [(left: String, right: String)] {
    var merges: [(left: String, right: String)] = []
    for (index, line) in try lines(of: path).enumerated() where !line.hasPrefix("#version") && !line.isEmpty {
      guard let merge = BytePairModel.merge(line: trimmed(line)) else {
        throw Failure(
          .data, at: "\(path):\(index + 1)", "two tokens with a space between expected, found \(Failure.shown(line))")
      }
      merges.append(merge)
    }
    return merges
  }

  private static func lines(of path: String) throws -> [String] {
    let bytes = try InputFile.contents(of: path, limit: maximumFileSize)
    return try bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().map { index, line in
      guard let text = String(validating: line, as: UTF8.self) else {
        throw Failure(.data, at: "\(path):\(index + 1)", "UTF-8 expected, found other bytes")
      }
      return text
    }
  }

  /// A line without white space at its end.
  private static func trimmed(_ line: String) -> String {
    var scalars = line.unicodeScalars
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
  }
}
