// The unigram language model over pieces (Kudo, Subword regularization, 2018).

import EnsueFiles

/// Cuts a text into the pieces whose scores add up to the most, found by Viterbi's algorithm.
///
/// A character that is no piece has the lowest score of all pieces less 10; neighbouring unknown characters are one
/// token. Of two ways of equal score the one found first stays, that with the longer last piece. Time: the length of a
/// text times the longest piece.
public struct UnigramModel: Sendable, Equatable {
  /// The pieces and their scores; the index is the id.
  let tokens: TokenList
  let scores: [Double]
  public let unknownID: Int
  public let fallsBackToBytes: Bool
  private let trie: PieceTrie
  private let unknownScore: Double
  private let byteIDs: [Int32]

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
    tokens = try TokenList(pieces.map(\.token), at: "\(place).vocab")
    scores = pieces.map(\.score)
    self.unknownID = unknownID
    self.fallsBackToBytes = fallsBackToBytes
    unknownScore = (scores.min() ?? 0) - 10
    byteIDs = fallsBackToBytes ? tokens.byteIDs : []
    var trie = PieceTrie()
    for id in 0..<tokens.count { trie.insert(tokens[id], id: Int32(id)) }
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
        ids.append(workspace.pieces[end])
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
        UnigramModel.offer(score + scores[Int(id)], id, from: start, to: end, &workspace)
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
