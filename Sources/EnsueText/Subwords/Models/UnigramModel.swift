// The unigram language model over pieces (Kudo, Subword regularization, 2018).

import EnsueFiles

/// Cuts a text into the pieces whose scores add up to the most, found by Viterbi's algorithm.
///
/// A character that is no piece has the lowest score of all pieces less 10; neighbouring unknown characters are one
/// token. Of two ways of equal score the one found first stays, that with the longer last piece. Time: the length of a
/// text times the longest piece.
public struct UnigramModel: Sendable, Equatable {
  /// The pieces and their scores; the index is the id. A token that is no piece has the score −∞.
  let tokens: TokenList
  let scores: [Double]
  /// Pieces that have no id of their own, with scores: what is cut into them is unknown. nil where the tokens are the
  /// pieces.
  let outside: [Piece]?
  public let unknownID: Int
  public let fallsBackToBytes: Bool
  private let trie: PieceTrie
  private let trieScores: [Double]
  private let unknownScore: Double
  private let byteIDs: [Int32]

  /// A piece and its score.
  struct Piece: Sendable, Equatable {
    let token: String
    let score: Double
  }

  /// - Throws: `Failure` of kind `data` without pieces, without an unknown piece, for a piece that comes twice.
  public init(pieces: [(token: String, score: Double)], unknownID: Int?, fallsBackToBytes: Bool = false) throws {
    try self.init(pieces: pieces, unknownID: unknownID, fallsBackToBytes: fallsBackToBytes, at: "model")
  }

  init(
    pieces: [(token: String, score: Double)], unknownID: Int?, fallsBackToBytes: Bool, at place: String
  ) throws {
    guard let unknownID, pieces.indices.contains(unknownID) else {
      throw Failure(
        .data, at: place,
        "the id of the unknown piece below \(pieces.count) expected, found \(unknownID.map { "\($0)" } ?? "none")")
    }
    self.init(
      tokens: try TokenList(pieces.map(\.token), at: "\(place).vocab"), scores: pieces.map(\.score), outside: nil,
      unknownID: unknownID, fallsBackToBytes: fallsBackToBytes)
  }

  /// A model whose pieces have the ids of another vocabulary, as MarianMT has them (Junczys-Dowmunt et al. 2018).
  ///
  /// A token that is no piece is read where unknown characters between two pieces are just its own.
  /// - Parameters:
  ///   - vocabulary: the index is the id.
  ///   - pieces: what texts are cut into.
  init(
    vocabulary: [String], pieces: [Piece], unknownToken: String, fallsBackToBytes: Bool, at place: String
  ) throws {
    let tokens = try TokenList(vocabulary, at: place)
    let unknownID = try tokens.requiredID(of: unknownToken, as: "the unknown token", at: place)
    var scores = [Double](repeating: -.infinity, count: tokens.count)
    var outside: [Piece] = []
    for piece in pieces {
      if let id = tokens.id(of: piece.token) { scores[Int(id)] = piece.score } else { outside.append(piece) }
    }
    self.init(
      tokens: tokens, scores: scores, outside: outside, unknownID: Int(unknownID), fallsBackToBytes: fallsBackToBytes)
  }

  init(tokens: TokenList, scores: [Double], outside: [Piece]?, unknownID: Int, fallsBackToBytes: Bool) {
    (self.tokens, self.scores, self.outside) = (tokens, scores, outside)
    (self.unknownID, self.fallsBackToBytes) = (unknownID, fallsBackToBytes)
    trieScores = scores + (outside ?? []).map(\.score)
    unknownScore = (trieScores.filter(\.isFinite).min() ?? 0) - 10
    byteIDs = fallsBackToBytes ? tokens.byteIDs : []
    var trie = PieceTrie()
    for id in 0..<tokens.count where scores[id].isFinite { trie.insert(tokens[id], id: Int32(id)) }
    for (index, piece) in (outside ?? []).enumerated() {
      trie.insert(Array(piece.token.utf8), id: Int32(tokens.count + index))
    }
    self.trie = trie
  }

  /// Appends the ids of a text, which is not empty.
  func append(_ text: Span<UInt8>, to ids: inout [Int32], with workspace: inout SubwordWorkspace) {
    findPaths(text, &workspace)
    let start = ids.count
    var end = text.count
    var unknownEnd: Int?
    while end > 0 {
      let origin = Int(workspace.origins[end])
      if Int(workspace.pieces[end]) == unknownID {
        unknownEnd = unknownEnd ?? end
      } else {
        if let last = unknownEnd { appendUnknown(text, end..<last, to: &ids) }
        unknownEnd = nil
        ids.append(Int(workspace.pieces[end]) < tokens.count ? workspace.pieces[end] : Int32(unknownID))
      }
      end = origin
    }
    if let last = unknownEnd { appendUnknown(text, 0..<last, to: &ids) }
    ids[start...].reverse()
  }

  /// The best way to each byte that ends a character.
  private func findPaths(_ text: Span<UInt8>, _ workspace: inout SubwordWorkspace) {
    let count = text.count + 1
    if workspace.scores.count < count {
      workspace.scores = [Double](repeating: 0, count: count)
      workspace.origins = [Int32](repeating: -1, count: count)
      workspace.pieces = [Int32](repeating: 0, count: count)
    }
    for index in 0..<count { workspace.origins[index] = -1 }
    workspace.scores[0] = 0
    var start = 0
    while start < text.count {
      var next = start
      _ = text.takeScalar(&next)
      let score = workspace.scores[start]
      var hasCharacter = false
      trie.forEachMatch(in: text, from: start, to: text.count) { end, id in
        UnigramModel.offer(score + trieScores[Int(id)], id, from: start, to: end, &workspace)
        if end == next { hasCharacter = true }
      }
      if !hasCharacter {
        UnigramModel.offer(score + unknownScore, Int32(unknownID), from: start, to: next, &workspace)
      }
      start = next
    }
  }

  @inline(__always)
  private static func offer(
    _ score: Double, _ id: Int32, from start: Int, to end: Int, _ workspace: inout SubwordWorkspace
  ) {
    guard workspace.origins[end] < 0 || score > workspace.scores[end] else { return }
    workspace.scores[end] = score
    workspace.origins[end] = Int32(start)
    workspace.pieces[end] = id
  }

  /// Appends what stands for unknown characters, the last id first.
  private func appendUnknown(_ text: Span<UInt8>, _ range: Range<Int>, to ids: inout [Int32]) {
    if let id = tokens.id(of: text.extracting(range)) {
      ids.append(id)
      return
    }
    var fallsBack = fallsBackToBytes
    for index in range where fallsBack && byteIDs[Int(text[index])] < 0 { fallsBack = false }
    guard fallsBack else {
      ids.append(Int32(unknownID))
      return
    }
    for index in range.reversed() { ids.append(byteIDs[Int(text[index])]) }
  }
}
