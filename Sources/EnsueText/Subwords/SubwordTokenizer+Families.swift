// The pipelines of the well-known families, so that what is trained and what is read are built alike.

import EnsueFiles

extension SubwordTokenizer {
  /// GPT-2: byte-level pairs.
  public static func gpt2(
    _ model: BytePairModel, specialTokens: [String] = ["<|endoftext|>"], addsPrefixSpace: Bool = false
  ) throws -> SubwordTokenizer {
    try SubwordTokenizer(
      model: .bytePair(model),
      preTokenizer: .byteLevel(addsPrefixSpace: addsPrefixSpace, cuts: true, trimsOffsets: true),
      postProcessor: .byteLevel(addsPrefixSpace: true, cuts: true, trimsOffsets: false),
      decoder: .byteLevel(addsPrefixSpace: true, cuts: true, trimsOffsets: true),
      addedTokens: specialTokens.map { AddedToken($0) })
  }

  /// The first GPT: lower case, words as BERT cuts them, tokens at a word's end marked.
  public static func openAIGPT(_ model: BytePairModel, specialTokens: [String] = []) throws -> SubwordTokenizer {
    try SubwordTokenizer(
      model: .bytePair(model), normalizer: .bert(BertNormalization()), preTokenizer: .bert,
      decoder: .bytePair(suffix: model.endOfWordSuffix ?? ""), addedTokens: specialTokens.map { AddedToken($0) })
  }

  /// BERT: WordPiece, `[CLS] … [SEP] … [SEP]` where the vocabulary has these two.
  public static func bert(
    _ model: WordPieceModel, lowercases: Bool = true,
    specialTokens: [String] = SpecialTokenNames.bert.texts
  ) throws -> SubwordTokenizer {
    try bert(model, BertNormalization(lowercases: lowercases), .bert, specialTokens)
  }

  /// The same with special tokens of other names, of which the vocabulary may lack some.
  static func bert(
    _ model: WordPieceModel, normalization: BertNormalization, names: SpecialTokenNames
  ) throws -> SubwordTokenizer {
    try bert(model, normalization, names, names.texts.filter { model.tokens.id(of: $0) != nil })
  }

  private static func bert(
    _ model: WordPieceModel, _ normalization: BertNormalization, _ names: SpecialTokenNames, _ special: [String]
  ) throws -> SubwordTokenizer {
    let parts = [names[.classifier], names[.separator]].compactMap { name in
      name.flatMap { text in model.tokens.id(of: text).map { SubwordPostProcessor.Token(text, id: $0) } }
    }
    return try SubwordTokenizer(
      model: .wordPiece(model), normalizer: .bert(normalization), preTokenizer: .bert,
      postProcessor: parts.count == 2 ? .bert(separator: parts[1], beginning: parts[0]) : nil,
      decoder: .wordPiece(prefix: model.continuingPrefix, cleans: true), addedTokens: special.map { AddedToken($0) })
  }

  /// SentencePiece with unigrams: spaces as ▁, several of them as one, one before the text.
  public static func sentencePiece(
    _ model: UnigramModel, characterMap: PrecompiledCharacterMap? = nil, addsPrefixSpace: Bool = true,
    removesExtraSpaces: Bool = true, addedTokens: [AddedToken] = []
  ) throws -> SubwordTokenizer {
    try sentencePiece(
      .unigram(model), characterMap, addsPrefixSpace: addsPrefixSpace, removesExtraSpaces: removesExtraSpaces,
      fallsBackToBytes: model.fallsBackToBytes, addedTokens)
  }

  /// SentencePiece with byte pairs.
  public static func sentencePiece(
    _ model: BytePairModel, characterMap: PrecompiledCharacterMap? = nil, addsPrefixSpace: Bool = true,
    removesExtraSpaces: Bool = false, addedTokens: [AddedToken] = []
  ) throws -> SubwordTokenizer {
    try sentencePiece(
      .bytePair(model), characterMap, addsPrefixSpace: addsPrefixSpace, removesExtraSpaces: removesExtraSpaces,
      fallsBackToBytes: model.fallsBackToBytes, addedTokens)
  }

  private static func sentencePiece(
    _ model: SubwordModel, _ map: PrecompiledCharacterMap?, addsPrefixSpace: Bool, removesExtraSpaces: Bool,
    fallsBackToBytes: Bool, _ addedTokens: [AddedToken]
  ) throws -> SubwordTokenizer {
    let mark: Unicode.Scalar = "\u{2581}"
    var steps: [SubwordNormalizer] = map.map { [.precompiled($0)] } ?? []
    if removesExtraSpaces {
      steps += [
        .strip(left: false, right: true), .replace(.regularExpression(.spaces), with: String(mark)),
      ]
    }
    let prefix = addsPrefixSpace ? PrefixScheme.always : .never
    let spaces = SubwordDecoder.metaspace(mark: mark, prefix: prefix, cuts: true)
    return try SubwordTokenizer(
      model: model, normalizer: steps.isEmpty ? nil : .sequence(steps),
      preTokenizer: .metaspace(mark: mark, prefix: prefix, cuts: true),
      decoder: fallsBackToBytes ? .sequence([.byteFallback, spaces]) : spaces, addedTokens: addedTokens)
  }
}
