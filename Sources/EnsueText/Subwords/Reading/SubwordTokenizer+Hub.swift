// The tokenizer of a folder as the Hub has it: tokenizer.json says nearly all; the older files leave to the family and
// to three more files what is done to a text before, what stands around it, and which tokens were added.

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
  /// - Parameters:
  ///   - style: what the older files leave open.
  ///   - limit: the ids that the model has vectors for; tokens that were added behind them are left out.
  /// - Throws: `Failure` of kind `missing` or `data` that names the file.
  public init(hubFolder folder: String, style: HubTokenizerStyle, limit: Int = .max) throws {
    let names = try InputFile.names(in: folder)
    let settings = try HubTokenizerSettings(folder: folder)
    let found: SubwordTokenizer
    if names.contains("tokenizer.json") {
      found = try SubwordTokenizer(contentsOf: "\(folder)/tokenizer.json").normalized(by: settings, style)
    } else if names.contains("vocab.txt") {
      found = try .hubBERT("\(folder)/vocab.txt", settings)
    } else if names.contains("vocab.json") {
      found = try .hubBytePairs("\(folder)/vocab.json", settings, style)
    } else if let file = names.first(where: { $0.hasSuffix(".model") }) {
      found = try .hubSentencePiece("\(folder)/\(file)", settings, style)
    } else {
      throw Failure(
        .missing, at: folder,
        "a tokenizer (tokenizer.json, vocab.txt, vocab.json with merges.txt, or a .model) expected, found none")
    }
    self = try found.adding(settings.additions(), below: limit)
  }

  /// Another normaliser or more added tokens.
  private func replacing(
    _ normalizer: SubwordNormalizer?, _ addedTokens: [AddedToken], at place: String
  ) throws -> SubwordTokenizer {
    try SubwordTokenizer(
      model: model, normalizer: normalizer, preTokenizer: preTokenizer, postProcessor: postProcessor,
      decoder: decoder, addedTokens: addedTokens, batchSettings: batchSettings, at: place)
  }

  /// What tokenizer_config.json says of BERT's normaliser goes before what tokenizer.json says, as in transformers,
  /// where the class is BERT's or of its kin.
  private func normalized(
    by settings: HubTokenizerSettings, _ style: HubTokenizerStyle
  ) throws -> SubwordTokenizer {
    guard style == .bert, settings.namesFamily, case .bert(let own)? = normalizer else { return self }
    let asked = BertNormalization(
      cleansText: own.cleansText,
      separatesIdeographs: try settings.flag("tokenize_chinese_chars") ?? own.separatesIdeographs,
      stripsAccents: try settings.flag("strip_accents") ?? own.stripsAccents,
      lowercases: try settings.flag("do_lower_case") ?? own.lowercases)
    return asked == own ? self : try replacing(.bert(asked), addedTokens, at: "tokenizer.json")
  }

  /// Tokens that the tokenizer has not got, behind its own; one of the model's own tokens keeps its id. Added tokens
  /// from `limit` on, such as one that fills batches, are left out: no text is to have an id without a vector.
  /// - Throws: `Failure` of kind `data` for a token that would have another id than its file says.
  private func adding(_ additions: [HubTokenizerSettings.Addition], below limit: Int) throws -> SubwordTokenizer {
    var tokens = zip(addedTokens, addedIDs)
      .filter { Int($1) < limit || model.tokens.id(of: $0.content) != nil }.map { $0.0 }
    var next = vocabularySize
    for addition in additions where addition.id < limit {
      let text = addition.token.content
      let known = id(of: text).map { Int($0) }
      guard addition.id == known ?? next else {
        let expected = "the id \(known ?? next) for \(Failure.shown(text))"
        throw Failure(
          .data, at: addition.place, "\(expected) expected, found \(addition.id)",
          advice: "Ids have no gaps, and a token that the vocabulary has keeps its id.")
      }
      if known == nil { next += 1 }
      if !tokens.contains(where: { $0.content.utf8.elementsEqual(text.utf8) }) { tokens.append(addition.token) }
    }
    guard tokens != addedTokens else { return self }
    return try replacing(normalizer, tokens, at: additions.first?.place ?? "tokenizer.json")
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
    let names = try settings.names(style.names)
    let addsPrefixSpace = try settings.flag("add_prefix_space") ?? false
    guard style == .roberta else {
      var (preTokenizer, postProcessor) = (plain.preTokenizer, plain.postProcessor)
      if case .byteLevel? = preTokenizer {
        preTokenizer = .byteLevel(addsPrefixSpace: addsPrefixSpace, cuts: true, trimsOffsets: true)
      }
      if try settings.flag("add_bos_token") ?? false {
        postProcessor = try .around(beginning: plain.token(names, .beginning, at: path), end: nil)
      }
      return try SubwordTokenizer(
        model: plain.model, normalizer: plain.normalizer, preTokenizer: preTokenizer, postProcessor: postProcessor,
        decoder: plain.decoder, addedTokens: plain.addedTokens)
    }
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
    let names = try settings.names(.llama)
    func token(_ role: SpecialTokenRoleKind, where isWanted: Bool) throws -> SubwordPostProcessor.Token? {
      try isWanted ? plain.token(names, role, at: path) : nil
    }
    let beginning = try token(.beginning, where: settings.flag("add_bos_token") ?? true)
    let end = try token(.end, where: settings.flag("add_eos_token") ?? false)
    return try SubwordTokenizer(
      model: plain.model, preTokenizer: .metaspace(mark: mark, prefix: prefix, cuts: false),
      postProcessor: beginning == nil && end == nil ? nil : .around(beginning: beginning, end: end),
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

  /// The ids that its post-processor puts before a text. What it puts behind would end a text that is to go on.
  public var beginning: [Int32] {
    let encoding = encoding(of: "a")
    return Array(encoding.ids.prefix(encoding.isSpecial.prefix { $0 }.count))
  }
}

extension SubwordPostProcessor {
  /// A token before a text and one behind it, of a pair around each.
  static func around(beginning: Token?, end: Token?) -> SubwordPostProcessor {
    var specialTokens: [EncodingTemplate.SpecialToken] = []
    func place(_ token: Token?) -> Int? {
      guard let token else { return nil }
      if let known = specialTokens.firstIndex(where: { $0.ids == [token.id] }) { return known }
      specialTokens.append(.init(name: token.text, ids: [token.id], tokens: [token.text]))
      return specialTokens.count - 1
    }
    let (before, behind) = (place(beginning), place(end))
    func parts(_ text: EncodingTemplate.Part) -> [EncodingTemplate.Part] {
      let type = text.typeID
      func special(_ index: Int) -> EncodingTemplate.Part { .special(index, typeID: type) }
      return (before.map { [special($0)] } ?? []) + [text] + (behind.map { [special($0)] } ?? [])
    }
    let first = parts(.first(typeID: 0))
    return .template(
      EncodingTemplate(single: first, pair: first + parts(.second(typeID: 1)), specialTokens: specialTokens))
  }
}
