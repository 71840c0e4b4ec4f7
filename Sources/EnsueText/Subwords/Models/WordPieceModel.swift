// WordPiece (Schuster and Nakajima, Japanese and Korean voice search, 2012), as BERT uses it.

import EnsueFiles

/// Cuts a word from the left, always the longest token that fits; a word that cannot be cut is unknown.
///
/// A word of more than `longestWord` characters is unknown. Time: the length of a word times the longest token.
public struct WordPieceModel: Sendable, Equatable {
  let tokens: TokenList
  public let unknownToken: String
  public let continuingPrefix: String
  public let longestWord: Int
  let unknownID: Int32
  /// Tokens as they stand, for the beginning of a word.
  private let beginnings: PieceTrie
  /// Tokens with the prefix taken away, for the rest.
  private let continuations: PieceTrie

  /// - Throws: `Failure` of kind `data` for a token that comes twice and an unknown token that is none.
  public init(
    vocabulary: [String], unknownToken: String = "[UNK]", continuingPrefix: String = "##", longestWord: Int = 100
  ) throws {
    try self.init(
      vocabulary: vocabulary, unknownToken: unknownToken, continuingPrefix: continuingPrefix,
      longestWord: longestWord, at: "model")
  }

  init(
    vocabulary: [String], unknownToken: String, continuingPrefix: String, longestWord: Int, at place: String
  ) throws {
    tokens = try TokenList(vocabulary, at: "\(place).vocab")
    unknownID = try tokens.requiredID(of: unknownToken, as: "the unknown token", at: place)
    (self.unknownToken, self.continuingPrefix, self.longestWord) = (unknownToken, continuingPrefix, longestWord)
    let prefix = Array(continuingPrefix.utf8)
    var (beginnings, continuations) = (PieceTrie(), PieceTrie())
    for id in 0..<tokens.count {
      let token = tokens[id]
      beginnings.insert(token, id: Int32(id))
      if token.starts(with: prefix) { continuations.insert(Array(token.dropFirst(prefix.count)), id: Int32(id)) }
    }
    (self.beginnings, self.continuations) = (beginnings, continuations)
  }

  /// Appends the ids of a word, which is not empty.
  func append(_ word: Span<UInt8>, to ids: inout [Int32]) {
    var length = 0
    for index in word.indices where word[index] & 0xC0 != 0x80 { length += 1 }
    let count = ids.count
    var position = length > longestWord ? -1 : 0
    while position >= 0, position < word.count {
      let trie = position == 0 ? beginnings : continuations
      guard let match = trie.longestMatch(in: word, from: position, to: word.count) else {
        position = -1
        break
      }
      ids.append(match.id)
      position = match.end
    }
    guard position < 0 else { return }
    ids.removeSubrange(count...)
    ids.append(unknownID)
  }
}
