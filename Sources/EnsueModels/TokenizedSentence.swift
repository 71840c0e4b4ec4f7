// A sentence as a model reads it, with the words that the ids stand for.

/// Ids and, for each, the token as it is written. A break between the sentences of a document
/// (`DocumentTokens.sentenceBreak`) or the texts of a pair (`PairTokens.textBreak`) has the empty token.
public struct TokenizedSentence: Sendable, Equatable {
  public let ids: [Int32]
  public let tokens: [String]

  /// - Precondition: as many tokens as ids, at least one.
  public init(ids: [Int32], tokens: [String]) {
    precondition(
      ids.count == tokens.count && !ids.isEmpty, "\(ids.count) ids cannot stand for \(tokens.count) tokens")
    (self.ids, self.tokens) = (ids, tokens)
  }
}
