// Byte-pair encoding (Sennrich, Haddow and Birch, Neural machine translation of rare words with subword units, 2016).

import EnsueFiles

/// Cuts a word into characters and merges neighbours, the merge that was learned first before the others.
///
/// Of merges of one rank the leftmost comes first. Time O(n log n) in the length of a word.
public struct BytePairModel: Sendable, Equatable {
  let tokens: TokenList
  /// The two tokens of each merge, in the order in which they were learned.
  let mergePairs: [(left: Int32, right: Int32)]
  let merges: MergeTable
  /// Stands for a character that is no token; nil: such characters vanish.
  public let unknownToken: String?
  /// What tokens inside a word begin with.
  public let continuingPrefix: String?
  /// What tokens at the end of a word end with.
  public let endOfWordSuffix: String?
  /// Neighbouring unknown characters make one unknown token.
  public let fusesUnknown: Bool
  /// The bytes of an unknown character as `<0x00>` to `<0xFF>`.
  public let fallsBackToBytes: Bool
  /// A word that is a token is that token, whatever the merges say.
  public let ignoresMerges: Bool

  let unknownID: Int32?
  let byteIDs: [Int32]
  /// The ids of the characters below U+0800 where they are not decorated.
  let characterIDs: [Int32]

  /// - Parameters:
  ///   - vocabulary: The tokens; the index is the id.
  ///   - merges: In the order in which they were learned.
  /// - Throws: `Failure` of kind `data` for a token that comes twice and a merge of or into what is no token.
  public init(
    vocabulary: [String], merges: [(left: String, right: String)], unknownToken: String? = nil,
    continuingPrefix: String? = nil, endOfWordSuffix: String? = nil, fusesUnknown: Bool = false,
    fallsBackToBytes: Bool = false, ignoresMerges: Bool = false
  ) throws {
    try self.init(
      vocabulary: vocabulary, merges: merges, unknownToken: unknownToken, continuingPrefix: continuingPrefix,
      endOfWordSuffix: endOfWordSuffix, fusesUnknown: fusesUnknown, fallsBackToBytes: fallsBackToBytes,
      ignoresMerges: ignoresMerges, at: "model")
  }

  init(
    vocabulary: [String], merges: [(left: String, right: String)], unknownToken: String?, continuingPrefix: String?,
    endOfWordSuffix: String?, fusesUnknown: Bool, fallsBackToBytes: Bool, ignoresMerges: Bool, at place: String
  ) throws {
    let tokens = try TokenList(vocabulary, at: "\(place).vocab")
    self.tokens = tokens
    self.unknownToken = unknownToken.flatMap { $0.isEmpty ? nil : $0 }
    self.continuingPrefix = continuingPrefix.flatMap { $0.isEmpty ? nil : $0 }
    self.endOfWordSuffix = endOfWordSuffix.flatMap { $0.isEmpty ? nil : $0 }
    self.fusesUnknown = fusesUnknown
    self.fallsBackToBytes = fallsBackToBytes
    self.ignoresMerges = ignoresMerges
    unknownID = try self.unknownToken.map { try tokens.requiredID(of: $0, as: "the unknown token", at: place) }
    byteIDs = fallsBackToBytes ? tokens.byteIDs : []
    characterIDs = (0..<0x800).map { tokens.id(of: String(Unicode.Scalar(UInt32($0)) ?? " ")) ?? -1 }
    (mergePairs, self.merges) = try BytePairModel.table(
      merges, tokens, prefixLength: self.continuingPrefix?.utf8.count ?? 0, at: "\(place).merges")
  }

  private static func table(
    _ merges: [(left: String, right: String)], _ tokens: TokenList, prefixLength: Int, at place: String
  ) throws -> ([(left: Int32, right: Int32)], MergeTable) {
    var pairs: [(left: Int32, right: Int32)] = []
    pairs.reserveCapacity(merges.count)
    var table = MergeTable(capacity: merges.count)
    for (rank, merge) in merges.enumerated() {
      let here = "\(place)[\(rank)]"
      let left = try tokens.requiredID(of: merge.left, as: "a merge of two", at: here)
      let right = try tokens.requiredID(of: merge.right, as: "a merge of two", at: here)
      let joined = Array(merge.left.utf8) + Array(merge.right.utf8.dropFirst(prefixLength))
      guard let result = tokens.id(of: joined) else {
        throw Failure(
          .data, at: here,
          "a merge that makes a token expected, found \(Failure.shown(joined)), which is not")
      }
      guard table.insert(left, right, rank: UInt32(rank), result: result) else {
        throw Failure(
          .data, at: here,
          "each merge once expected, found \(Failure.shown(merge.left)) and \(Failure.shown(merge.right)) again")
      }
      pairs.append((left, right))
    }
    return (pairs, table)
  }

  public static func == (left: BytePairModel, right: BytePairModel) -> Bool {
    left.tokens == right.tokens && left.mergePairs.elementsEqual(right.mergePairs, by: ==)
      && left.unknownToken == right.unknownToken && left.continuingPrefix == right.continuingPrefix
      && left.endOfWordSuffix == right.endOfWordSuffix && left.fusesUnknown == right.fusesUnknown
      && left.fallsBackToBytes == right.fallsBackToBytes && left.ignoresMerges == right.ignoresMerges
  }
}
