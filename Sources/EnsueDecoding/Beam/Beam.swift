// The hypotheses of one search: the best go on, those that end are results.

import EnsueTensor

/// A beam of hypotheses, extended by one symbol at a time.
///
/// Of all continuations by one symbol the likeliest have a place in the beam. One that ends becomes a result, and its
/// place is closed (Sutskever, Vinyals and Le 2014), so that a beam of one is the greedy choice. A wider one may lose
/// the greedy continuation on the way, and end with a worse one.
///
/// The beam ends when all places are closed, when what goes on has the length of the limit and becomes a result as it
/// is, or when nothing that goes on can overtake the results any more (`BeamRules.bound`), which changes no result: a
/// beam as wide as there are continuations is exhaustive. Ties go to the hypothesis that was there first, then to the
/// lower symbol.
struct Beam {
  /// A hypothesis that goes on.
  struct Hypothesis {
    var ids: [Int32] = []
    /// For each symbol, log p of all up to it.
    var sums: [Double] = []
    /// Of its symbols, and with the one that follows.
    var attention: AttentionTrace?
    var nextAttention: AttentionTrace?

    var logProbability: Double { sums.last ?? 0 }
  }

  /// A hypothesis that has ended.
  struct Result {
    /// The symbol that ended it is the last.
    let ids: [Int32]
    /// For each symbol, log p of all up to it.
    let sums: [Double]
    let score: Double
    /// Whether it ended by itself, not at the limit.
    let isComplete: Bool
    let attention: AttentionTrace?

    var logProbability: Double { sums.last ?? 0 }
  }

  let rules: BeamRules
  /// Symbols of a hypothesis at most.
  let limit: Int
  /// Symbols of each hypothesis that goes on.
  private(set) var length = 0
  private(set) var active: [Hypothesis]
  /// Places in the beam that are not closed.
  private(set) var placeCount: Int
  private var found: BestList<Result>

  init(_ rules: BeamRules, limit: Int, attention: AttentionTrace? = nil) {
    (self.rules, self.limit, placeCount) = (rules, limit, rules.width)
    active = [Hypothesis(attention: attention)]
    found = BestList(limit: rules.resultCount)
  }

  /// Best first.
  var results: [Result] { found.entries.map(\.element) }

  /// Notes where each active hypothesis looks before its next symbol: [head][source step].
  mutating func look(_ row: Int, at weights: [[Float]]) {
    active[row].nextAttention = active[row].attention
    active[row].nextAttention?.append(weights)
  }

  /// Extends the active hypotheses.
  /// - Parameter candidates: the likeliest continuations, as many as there are places, or all there are.
  /// - Returns: of each hypothesis that goes on, the active one it came from; nothing when the search has ended.
  mutating func extend(by candidates: [RankedSum]) -> [Int] {
    if candidates.isEmpty {
      // Nothing can follow.
      giveUp()
      return []
    }
    var next: [RankedSum] = []
    for candidate in candidates {
      if isEnd(candidate) {
        placeCount -= 1
        finish(candidate)
      } else {
        next.append(candidate)
      }
    }
    return goOn(with: next)
  }

  /// Extends the only hypothesis by a given symbol.
  /// - Parameter firstRow: its row of the scores.
  /// - Returns: as `extend`.
  mutating func force(_ id: Int32, _ scores: TokenScores, firstRow: Int) -> [Int] {
    let sum = active[0].logProbability + scores.logProbability(of: id, row: firstRow)
    return goOn(with: [RankedSum(row: 0, column: Int(id), sum: sum)])
  }

  private func isEnd(_ candidate: RankedSum) -> Bool { rules.endIDs.contains(Int32(candidate.column)) }

  private mutating func goOn(with next: [RankedSum]) -> [Int] {
    active = next.map { candidate in
      let parent = active[candidate.row]
      return Hypothesis(
        ids: parent.ids + [Int32(candidate.column)], sums: parent.sums + [candidate.sum],
        attention: parent.nextAttention)
    }
    length += 1
    if length >= limit { giveUp() }
    if isDecided { active = [] }
    return active.isEmpty ? [] : next.map(\.row)
  }

  private mutating func finish(_ candidate: RankedSum) {
    let parent = active[candidate.row]
    offer(
      parent.ids + [Int32(candidate.column)], parent.sums + [candidate.sum], isComplete: true, parent.nextAttention)
  }

  /// Makes results of what goes on, as it is.
  private mutating func giveUp() {
    for hypothesis in active {
      offer(hypothesis.ids, hypothesis.sums, isComplete: false, hypothesis.attention)
    }
    active = []
  }

  private mutating func offer(
    _ ids: [Int32], _ sums: [Double], isComplete: Bool, _ attention: AttentionTrace?
  ) {
    let coverage = rules.coveragePenalty > 0 ? attention?.coverage ?? 0 : 0
    let score = rules.score(sums.last ?? 0, length: ids.count, coverage: coverage)
    found.offer(
      Result(ids: ids, sums: sums, score: score, isComplete: isComplete, attention: attention),
      score: score)
  }

  /// Whether nothing that goes on can become a result.
  private var isDecided: Bool {
    guard found.entries.count >= rules.resultCount, let last = found.entries.last else { return false }
    return active.allSatisfy { last.score >= rules.bound($0.logProbability, length: length, limit: limit) }
  }
}
