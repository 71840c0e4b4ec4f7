// The tokenizer of a folder as the Hub has it: tokenizer.json says all; the older files leave to the family and to two
// more files what is done to a text before and what stands around it.

import EnsueFiles

/// What a family of models expects of its tokenizer.
public enum HubTokenizerStyle: CaseIterable, Sendable {
  /// WordPiece, `[CLS] … [SEP]`; ALBERT's pieces too.
  case bert
  /// Byte-level pairs, `<s> … </s>`.
  case roberta
  /// SentencePiece's unigrams under fairseq's numbers, `<s> … </s>`.
  case xlmRoberta
  /// Byte-level pairs, nothing around.
  case gpt2
  /// SentencePiece's byte pairs, `<s>` before.
  case llama

  /// The special tokens where no file names them.
  public var names: SpecialTokenNames {
    switch self {
    case .bert: .bert
    case .roberta, .xlmRoberta: .roberta
    case .gpt2: SpecialTokenNames([.unknown: "<|endoftext|>", .beginning: "<|endoftext|>", .end: "<|endoftext|>"])
    case .llama: .llama
    }
  }
}

extension SubwordTokenizer {
  /// - Parameter style: what the older files leave open.
  /// - Throws: `Failure` of kind `missing` or `data` that names the file.
  public init(hubFolder folder: String, style: HubTokenizerStyle) throws {
    let names = try InputFile.names(in: folder)
    let settings = try HubTokenizerSettings(folder: folder)
    if names.contains("tokenizer.json") {
      try self.init(contentsOf: "\(folder)/tokenizer.json")
    } else if names.contains("vocab.txt") {
      self = try .hubBERT("\(folder)/vocab.txt", settings)
    } else if names.contains("vocab.json") {
      self = try .hubBytePairs("\(folder)/vocab.json", settings, style)
    } else if let file = names.first(where: { $0.hasSuffix(".model") }) {
      self = try .hubSentencePiece("\(folder)/\(file)", settings, style)
    } else {
      throw Failure(
        .missing, at: folder,
        "a tokenizer (tokenizer.json, vocab.txt, vocab.json with merges.txt, or a .model) expected, found none")
    }
  }

  private static func hubBERT(_ path: String, _ settings: HubTokenizerSettings) throws -> SubwordTokenizer {
    // transformers lower-cases unless it is told; without a configuration the vocabulary tells.
    let normalization = BertNormalization(
      separatesIdeographs: try settings.flag("tokenize_chinese_chars") ?? true,
      stripsAccents: try settings.flag("strip_accents"), lowercases: try settings.flag("do_lower_case") ?? true)
    return try SubwordTokenizer(
      wordPieceFile: path, normalization: settings.exist ? normalization : nil, names: settings.names(.bert))
  }

  private static func hubBytePairs(
    _ path: String, _ settings: HubTokenizerSettings, _ style: HubTokenizerStyle
  ) throws -> SubwordTokenizer {
    let plain = try SubwordTokenizer(vocabularyFile: path)
    guard style == .roberta else { return plain }
    let names = try settings.names(.roberta)
    let addsPrefixSpace = try settings.flag("add_prefix_space") ?? false
    let (beginning, separator) = (
      try plain.token(names, .classifier, at: path), try plain.token(names, .separator, at: path)
    )
    return try SubwordTokenizer(
      model: plain.model, normalizer: plain.normalizer,
      preTokenizer: .byteLevel(addsPrefixSpace: addsPrefixSpace, cuts: true, trimsOffsets: true),
      postProcessor: .roberta(
        separator: separator, beginning: beginning, trimsOffsets: true, addsPrefixSpace: addsPrefixSpace),
      decoder: plain.decoder, addedTokens: added(names, plain.model))
  }

  private static func added(_ names: SpecialTokenNames, _ model: SubwordModel) -> [AddedToken] {
    names.texts.filter { model.tokens.id(of: $0) != nil }.map { text in
      AddedToken(text, stripsLeft: names.stripsLeft.contains { names[$0] == text })
    }
  }

  private static func hubSentencePiece(
    _ path: String, _ settings: HubTokenizerSettings, _ style: HubTokenizerStyle
  ) throws -> SubwordTokenizer {
    switch style {
    case .llama: return try hubLlama(path, settings)
    case .xlmRoberta: return try SubwordTokenizer(fairseqSentencePieceFile: path)
    case .bert, .roberta, .gpt2:
      throw Failure(
        .data, at: path, "tokenizer.json or the family's own vocabulary expected, found a SentencePiece model",
        advice: "Make tokenizer.json of it. In its folder: python3 -c \"from transformers import AutoTokenizer as t; "
          + "t.from_pretrained('.').save_pretrained('.')\"")
    }
  }

  /// The whole text is one word, so that runs of spaces can be a token.
  private static func hubLlama(_ path: String, _ settings: HubTokenizerSettings) throws -> SubwordTokenizer {
    let plain = try SubwordTokenizer(contentsOf: path)
    let mark: Unicode.Scalar = "\u{2581}"
    let prefix = try settings.flag("legacy") ?? false ? PrefixScheme.always : .first
    let beginning: SubwordPostProcessor? =
      try settings.flag("add_bos_token") ?? true
      ? .beginning(with: plain.token(settings.names(.llama), .beginning, at: path)) : nil
    return try SubwordTokenizer(
      model: plain.model, preTokenizer: .metaspace(mark: mark, prefix: prefix, cuts: false), postProcessor: beginning,
      decoder: .sequence([
        .replace(.literal(String(mark)), with: " "), .byteFallback, .fuse, .strip(" ", start: 1, stop: 0),
      ]), addedTokens: plain.addedTokens)
  }

  /// A special token that the vocabulary must have.
  private func token(
    _ names: SpecialTokenNames, _ role: SpecialTokenRoleKind, at path: String
  ) throws(Failure) -> SubwordPostProcessor.Token {
    let text = names[role] ?? ""
    guard let id = id(of: text) else {
      throw Failure(
        .data, at: path, "the \(role.rawValue) \(Failure.shown(text)) among the tokens expected, found none")
    }
    return SubwordPostProcessor.Token(text, id: id)
  }

  /// The ids that its post-processor puts before a text, where it puts none behind.
  public var beginning: [Int32] {
    let empty = encoding(of: "")
    // What stands around nothing stands before something, if nothing follows that.
    return empty.isSpecial.allSatisfy(\.self) && encoding(of: "a").isSpecial.last == false ? empty.ids : []
  }
}

extension SubwordPostProcessor {
  /// One token before a text, and before each of a pair.
  static func beginning(with token: Token) -> SubwordPostProcessor {
    .template(
      EncodingTemplate(
        single: [.special(0, typeID: 0), .first(typeID: 0)],
        pair: [.special(0, typeID: 0), .first(typeID: 0), .special(0, typeID: 1), .second(typeID: 1)],
        specialTokens: [.init(name: token.text, ids: [token.id], tokens: [token.text])]))
  }
}
