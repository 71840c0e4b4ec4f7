// The unit one ships: configuration, vocabulary and weights of a sentence classifier in a folder.
//
//   configuration.json   labels, tokenizer, architecture
//   vocabulary.txt       one token a line
//   model.safetensors    the weights

import EnsueFiles
import EnsueModels
import EnsueText
import EnsueLayers

/// A sentence classifier with all it needs to read text.
public struct ClassifierBundle: Sendable {
  /// The classes in the order of the logits.
  public let labels: [String]
  public let encoder: SentenceEncoder
  public let architecture: ClassifierConfiguration
  public let model: any TextClassifier

  public init(
    labels: [String], encoder: SentenceEncoder, architecture: ClassifierConfiguration, model: any TextClassifier
  ) {
    (self.labels, self.encoder, self.architecture, self.model) = (labels, encoder, architecture, model)
  }
}

/// From a text to the ids a model reads.
public struct SentenceEncoder: Sendable {
  public let tokenizerKind: TokenizerKind
  public let lowercases: Bool
  /// Tokens after this many are cut off; nil keeps all.
  public let maximumLength: Int?
  /// Whether sentences are told apart: between two stands `DocumentTokens.sentenceBreak`.
  public let splitsSentences: Bool
  public let vocabulary: Vocabulary
  private let tokenizer: any Tokenizer

  public init(
    tokenizerKind: TokenizerKind, lowercases: Bool, maximumLength: Int?, splitsSentences: Bool = false,
    vocabulary: Vocabulary
  ) {
    (self.tokenizerKind, self.lowercases, self.maximumLength) = (tokenizerKind, lowercases, maximumLength)
    (self.splitsSentences, self.vocabulary) = (splitsSentences, vocabulary)
    tokenizer = tokenizerKind.makeTokenizer(lowercase: lowercases)
  }

  /// The ids of a text, cut to the maximum length; a text without tokens is one unknown token.
  public func encode(_ text: String) -> (ids: [Int32], tokenCount: Int) {
    let tokens = tokenizer.tokens(in: text)
    return (ids(of: kept(tokens)), tokens.count)
  }

  /// The ids of a text as `encode` gives them, with the tokens that they stand for.
  public func read(_ text: String) -> TokenizedSentence {
    let tokens = kept(tokenizer.tokens(in: text))
    guard !tokens.isEmpty else {
      return TokenizedSentence(
        ids: [Int32(Vocabulary.unknownID)], tokens: [String(decoding: Vocabulary.unknownToken, as: UTF8.self)])
    }
    let names = tokens.map { String(decoding: $0, as: UTF8.self) }
    return TokenizedSentence(ids: ids(of: tokens), tokens: split(names, like: tokens, separator: ""))
  }

  /// What a classifier reads of a text, or of a pair: its texts with `PairTokens.textBreak` between, each cut to the
  /// maximum length.
  public func encode(_ content: ClassifierText) -> EncodedText {
    let (ids, tokenCount) = encode(content.text)
    let limit = maximumLength ?? .max
    guard let pair = content.pair else {
      return EncodedText(ids: ids, tokenCount: tokenCount, isCut: tokenCount > limit)
    }
    let second = encode(pair)
    return EncodedText(
      ids: ids + [PairTokens.textBreak] + second.ids, tokenCount: tokenCount + 1 + second.tokenCount,
      isCut: max(tokenCount, second.tokenCount) > limit)
  }

  /// The same with the tokens that the ids stand for.
  public func read(_ content: ClassifierText) -> TokenizedSentence {
    let first = read(content.text)
    guard let pair = content.pair.map({ read($0) }) else { return first }
    return TokenizedSentence(
      ids: first.ids + [PairTokens.textBreak] + pair.ids, tokens: first.tokens + [""] + pair.tokens)
  }

  private func kept(_ tokens: [[UInt8]]) -> [[UInt8]] { maximumLength.map { Array(tokens.prefix($0)) } ?? tokens }

  private func ids(of tokens: [[UInt8]]) -> [Int32] {
    tokens.isEmpty
      ? [Int32(Vocabulary.unknownID)]
      : split(vocabulary.encode(tokens), like: tokens, separator: DocumentTokens.sentenceBreak)
  }

  /// With the separator between what stands for two sentences, if they are told apart.
  private func split<Element>(_ elements: [Element], like tokens: [[UInt8]], separator: Element) -> [Element] {
    guard splitsSentences else { return elements }
    return Array(SentenceSplitter.sentences(of: tokens).map { elements[$0] }.joined(separator: [separator]))
  }
}
