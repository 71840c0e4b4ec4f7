// All ways to cut a word into pieces: Kudo, "Subword regularization" (2018).

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The pieces that fit each place of a word, and the sums over all cuts. One lattice serves word after word.
struct UnigramLattice {
  /// A piece from one place to another; `piece` is -1 for a character that no piece has.
  struct Edge {
    let start: Int
    let end: Int
    let piece: Int
    let score: Double
  }

  private(set) var edges: [Edge] = []
  private var length = 0
  private var forward: [Double] = []
  private var backward: [Double] = []
  private var bestEdge: [Int] = []

  /// Lays the pieces over a word: by their starts, then by their ends.
  /// - Parameters:
  ///   - whole: the piece that must not be used; -1 for none.
  ///   - unknownScore: of a character that is no piece.
  mutating func fill(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ trie: PieceTrie, scores: [Double], without excluded: Int = -1,
    unknownScore: Double
  ) {
    edges.removeAll(keepingCapacity: true)
    length = range.count
    var start = range.lowerBound
    while start < range.upperBound {
      var next = start + 1
      while next < range.upperBound, bytes[next] & 0xC0 == 0x80 { next += 1 }
      var hasCharacter = false
      trie.forEachMatch(in: bytes, from: start, to: range.upperBound) { end, id in
        let piece = Int(id)
        guard piece != excluded else { return }
        if end == next { hasCharacter = true }
        edges.append(
          Edge(start: start - range.lowerBound, end: end - range.lowerBound, piece: piece, score: scores[piece]))
      }
      if !hasCharacter {
        edges.append(
          Edge(start: start - range.lowerBound, end: next - range.lowerBound, piece: -1, score: unknownScore))
      }
      start = next
    }
  }

  /// Adds to `expected` how often each piece is used, over all cuts by their probability, times `count`.
  mutating func addExpectations(_ count: Double, to expected: inout [Double]) {
    reset(&forward)
    forward[0] = 0
    for edge in edges {
      forward[edge.end] = UnigramLattice.logSum(forward[edge.end], forward[edge.start] + edge.score)
    }
    reset(&backward)
    backward[length] = 0
    for edge in edges.reversed() {
      backward[edge.start] = UnigramLattice.logSum(backward[edge.start], backward[edge.end] + edge.score)
    }
    // The logarithm of the word's probability.
    let total = forward[length]
    for edge in edges where edge.piece >= 0 {
      expected[edge.piece] += count * exp(forward[edge.start] + edge.score + backward[edge.end] - total)
    }
  }

  /// The pieces of the likeliest cut (Viterbi 1967), from left to right; of equal ones the cut whose last piece is
  /// longest.
  mutating func best() -> [Int] {
    reset(&forward)
    forward[0] = 0
    bestEdge.removeAll(keepingCapacity: true)
    bestEdge.append(contentsOf: repeatElement(-1, count: length + 1))
    for (index, edge) in edges.enumerated() where forward[edge.start] + edge.score > forward[edge.end] {
      forward[edge.end] = forward[edge.start] + edge.score
      bestEdge[edge.end] = index
    }
    var pieces: [Int] = []
    var place = length
    while place > 0, bestEdge[place] >= 0 {
      pieces.append(edges[bestEdge[place]].piece)
      place = edges[bestEdge[place]].start
    }
    return pieces.reversed()
  }

  private func reset(_ values: inout [Double]) {
    values.removeAll(keepingCapacity: true)
    values.append(contentsOf: repeatElement(-.infinity, count: length + 1))
  }

  /// log(eᵃ + eᵇ).
  private static func logSum(_ a: Double, _ b: Double) -> Double {
    let (larger, smaller) = (max(a, b), min(a, b))
    return smaller < larger - 50 ? larger : larger + log1p(exp(smaller - larger))
  }
}
