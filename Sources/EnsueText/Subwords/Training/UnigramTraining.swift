// Learning pieces with probabilities: Kudo, "Subword regularization" (2018). From many substrings of the text, those
// whose loss hurts its likelihood least are taken out, a quarter at a time; between, the probabilities are estimated
// anew by expectation and maximisation, with the digamma function in place of the logarithm (a prior for few pieces:
// Liang and Klein, ACL 2007 tutorial).

import EnsueFiles

/// Training by likelihood.
struct UnigramTraining {
  let options: SubwordTrainingOptions
  let words: SubwordWordCounts
  /// In the order of their bytes.
  private var pieces: [[UInt8]] = []
  /// The logarithm of each piece's probability.
  private var scores: [Double] = []
  private var trie = PieceTrie()
  private var unknownScore = 0.0

  /// Pieces expected less often are dropped.
  private static let smallestExpectation = 0.5
  /// What a round of pruning keeps.
  private static let shrinkingFactor = 0.75
  private static let estimatesARound = 2
  /// What an unknown character costs more than the unlikeliest piece.
  private static let unknownPenalty = 10.0

  init(options: SubwordTrainingOptions, words: SubwordWordCounts) {
    (self.options, self.words) = (options, words)
  }

  /// Learns the vocabulary.
  mutating func run(_ progress: (SubwordTrainingProgress) throws -> Void) throws -> LearntPieces {
    let alphabet = words.alphabet(limit: options.alphabetLimit)
    let specials = options.allSpecialTokens
    let size = options.vocabularySize - specials.count
    guard size >= alphabet.count else {
      throw Failure(
        .configuration,
        "a vocabulary of at least \(alphabet.count + specials.count) expected for the special tokens and the alphabet"
          + " of this text, found \(options.vocabularySize)",
        advice: "An alphabet limit leaves the rarest characters out.")
    }
    sow(alphabet)
    // A tenth more than wanted, of which the likeliest are taken at the end.
    let enough = size + size / 10
    while true {
      for _ in 0..<UnigramTraining.estimatesARound {
        try progress(SubwordTrainingProgress(stage: .estimating, completed: pieces.count, total: size))
        estimate()
      }
      if pieces.count <= enough { break }
      let before = pieces.count
      prune(to: max(enough, Int(Double(pieces.count) * UnigramTraining.shrinkingFactor)))
      if pieces.count == before { break }
    }
    return finished(alphabet, specials, size)
  }

  /// The pieces there are at first, as likely as they are frequent and long.
  private mutating func sow(_ alphabet: [[UInt8]]) {
    let counts = Dictionary(uniqueKeysWithValues: words.scalarCounts().map { ($0.spelling, $0.count) })
    let room = max(options.seedCount - alphabet.count, 0)
    var substrings = SubstringSeeds(words, longest: options.longestPiece).best(room)
    if options.alphabetLimit != nil {
      let known = Set(alphabet)
      substrings.removeAll { !SubwordWordCounts.scalars(of: $0.piece).allSatisfy(known.contains) }
    }
    var weighted = alphabet.map { (piece: $0, weight: Double(counts[$0] ?? 1)) }
    for seed in substrings {
      weighted.append((seed.piece, Double(seed.count * seed.piece.count { $0 & 0xC0 != 0x80 })))
    }
    let total = Digamma.logarithm(weighted.reduce(0) { $0 + $1.weight })
    let sorted = weighted.sorted { $0.piece.lexicographicallyPrecedes($1.piece) }
    set(sorted.map(\.piece), scores: sorted.map { Digamma.logarithm($0.weight) - total })
  }

  private mutating func set(_ pieces: [[UInt8]], scores: [Double]) {
    (self.pieces, self.scores) = (pieces, scores)
    var trie = PieceTrie()
    for (index, piece) in pieces.enumerated() { trie.insert(piece, id: Int32(index)) }
    self.trie = trie
    unknownScore = (scores.min() ?? 0) - UnigramTraining.unknownPenalty
  }

  private func fill(_ lattice: inout UnigramLattice, word: Int) {
    let range = words.words.offsets[word]..<words.words.offsets[word + 1]
    lattice.fill(words.words.bytes.span, range, trie, scores: scores, unknownScore: unknownScore)
  }

  /// One step of expectation and maximisation.
  private mutating func estimate() {
    var expected = [Double](repeating: 0, count: pieces.count)
    var lattice = UnigramLattice()
    for word in 0..<words.count {
      fill(&lattice, word: word)
      lattice.addExpectations(Double(words.counts[word]), to: &expected)
    }
    let kept = pieces.indices.filter { expected[$0] >= UnigramTraining.smallestExpectation }
    let total = Digamma.value(kept.reduce(0) { $0 + expected[$1] })
    set(kept.map { pieces[$0] }, scores: kept.map { Digamma.value(expected[$0]) - total })
  }

  /// How often each piece occurs in the likeliest cuts.
  private func frequencies() -> [Double] {
    var frequency = [Double](repeating: 0, count: pieces.count)
    var lattice = UnigramLattice()
    for word in 0..<words.count {
      fill(&lattice, word: word)
      for piece in lattice.best() where piece >= 0 { frequency[piece] += Double(words.counts[word]) }
    }
    return frequency
  }

  /// Takes out the pieces without which the text is hardly less likely: where a piece goes, its cut takes its place.
  private mutating func prune(to size: Int) {
    let frequency = frequencies()
    let sum = frequency.reduce(0, +)
    var kept: [Int] = []
    var candidates: [(piece: Int, loss: Double)] = []
    for piece in pieces.indices {
      let alternative = alternative(to: piece)
      if frequency[piece] == 0, alternative != nil { continue }
      guard let alternative, !alternative.isEmpty else {
        kept.append(piece)
        continue
      }
      let logSum = Digamma.logarithm(sum + frequency[piece] * Double(alternative.count - 1))
      let after = alternative.reduce(0.0) { $0 + Digamma.logarithm(frequency[$1] + frequency[piece]) - logSum }
      let before = Digamma.logarithm(frequency[piece]) - Digamma.logarithm(sum)
      candidates.append((piece, frequency[piece] * (before - after)))
    }
    candidates.sort { $0.loss != $1.loss ? $0.loss > $1.loss : $0.piece < $1.piece }
    kept += candidates.prefix(max(size - kept.count, 0)).map(\.piece)
    kept.sort()
    set(kept.map { pieces[$0] }, scores: kept.map { scores[$0] })
  }

  /// The cut of a piece without itself; nil where there is none, empty where the piece is not its own best cut.
  private func alternative(to piece: Int) -> [Int]? {
    let bytes = pieces[piece]
    var lattice = UnigramLattice()
    lattice.fill(bytes.span, 0..<bytes.count, trie, scores: scores, unknownScore: unknownScore)
    if lattice.best().count > 1 { return [] }
    lattice.fill(bytes.span, 0..<bytes.count, trie, scores: scores, without: piece, unknownScore: unknownScore)
    let cut = lattice.best()
    return cut.contains(-1) ? nil : cut
  }

  /// Special tokens, then the pieces from the likeliest to the unlikeliest, every character of the alphabet among them.
  private mutating func finished(_ alphabet: [[UInt8]], _ specials: [String], _ size: Int) -> LearntPieces {
    // A character that the other pieces can do without stays, as unlikely as the unlikeliest of them.
    let missing = Set(alphabet).subtracting(pieces).sorted { $0.lexicographicallyPrecedes($1) }
    let required = Set(alphabet + specials.map { Array($0.utf8) })
    let others = pieces.indices.filter { !required.contains(pieces[$0]) }
      .sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    let smallest = scores.min() ?? 0
    var chosen = others.prefix(size - alphabet.count).map { (piece: pieces[$0], score: scores[$0]) }
    for (index, piece) in pieces.enumerated() where required.contains(piece) { chosen.append((piece, scores[index])) }
    for (index, piece) in missing.enumerated() { chosen.append((piece, smallest - 0.0001 * Double(index))) }
    let reserved = Set(specials.map { Array($0.utf8) })
    chosen.removeAll { reserved.contains($0.piece) }
    chosen.sort { $0.score != $1.score ? $0.score > $1.score : $0.piece.lexicographicallyPrecedes($1.piece) }
    return LearntPieces(
      vocabulary: specials + chosen.map { String(decoding: $0.piece, as: UTF8.self) }, alphabetSize: alphabet.count,
      scores: specials.map { _ in 0 } + chosen.map(\.score))
  }
}
