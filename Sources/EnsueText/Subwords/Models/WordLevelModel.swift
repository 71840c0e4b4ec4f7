// Whole words as tokens.

import EnsueFiles

/// A word is its token, or unknown.
public struct WordLevelModel: Sendable, Equatable {
  let tokens: TokenList
  public let unknownToken: String
  let unknownID: Int32

  /// - Throws: `Failure` of kind `data` for a token that comes twice and an unknown token that is none.
  public init(vocabulary: [String], unknownToken: String = "<unk>") throws {
    try self.init(vocabulary: vocabulary, unknownToken: unknownToken, at: "model")
  }

  init(vocabulary: [String], unknownToken: String, at place: String) throws {
    tokens = try TokenList(vocabulary, at: "\(place).vocab")
    unknownID = try tokens.requiredID(of: unknownToken, as: "the unknown token", at: place)
    self.unknownToken = unknownToken
  }

  /// Appends the id of a word.
  func append(_ word: Span<UInt8>, to ids: inout [Int32]) { ids.append(tokens.id(of: word) ?? unknownID) }
}
