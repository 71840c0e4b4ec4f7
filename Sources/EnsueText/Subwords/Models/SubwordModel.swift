// The models: from a word to the ids of its tokens.

/// The models by the names that a tokenizer.json gives them.
public enum SubwordModelKind: String, Codable, CaseIterable, Sendable {
  case bytePair = "BPE"
  case wordPiece = "WordPiece"
  case unigram = "Unigram"
  case wordLevel = "WordLevel"
}

/// One of the four models.
public enum SubwordModel: Sendable, Equatable {
  case bytePair(BytePairModel)
  case wordPiece(WordPieceModel)
  case unigram(UnigramModel)
  case wordLevel(WordLevelModel)

  public var kind: SubwordModelKind {
    switch self {
    case .bytePair: .bytePair
    case .wordPiece: .wordPiece
    case .unigram: .unigram
    case .wordLevel: .wordLevel
    }
  }

  var tokens: TokenList {
    switch self {
    case .bytePair(let model): model.tokens
    case .wordPiece(let model): model.tokens
    case .unigram(let model): model.tokens
    case .wordLevel(let model): model.tokens
    }
  }

  /// The number of tokens.
  public var tokenCount: Int { tokens.count }

  /// The id of what stands for unknown text, where there is such a token.
  public var unknownID: Int32? {
    switch self {
    case .bytePair(let model): model.unknownID
    case .wordPiece(let model): model.unknownID
    case .unigram(let model): Int32(model.unknownID)
    case .wordLevel(let model): model.unknownID
    }
  }

  /// Appends the ids of a word, which is not empty.
  func append(_ word: Span<UInt8>, to ids: inout [Int32], with workspace: inout SubwordWorkspace) {
    switch self {
    case .bytePair(let model): model.append(word, to: &ids, with: &workspace)
    case .wordPiece(let model): model.append(word, to: &ids)
    case .unigram(let model): model.append(word, to: &ids, with: &workspace)
    case .wordLevel(let model): model.append(word, to: &ids)
    }
  }

  /// The text of a token as it stands in a word.
  func surface(of token: [UInt8]) -> [UInt8] {
    switch self {
    case .bytePair(let model):
      guard let suffix = model.endOfWordSuffix.map({ Array($0.utf8) }), token.count > suffix.count,
        token.suffix(suffix.count).elementsEqual(suffix)
      else { return token }
      return Array(token.dropLast(suffix.count))
    case .wordPiece, .unigram, .wordLevel: return token
    }
  }
}
