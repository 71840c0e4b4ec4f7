// The likeliest continuation, looked for among several at once.

import EnsueFiles
import EnsueModels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Beam search: of all continuations by one symbol the likeliest go on.
///
/// Hypotheses are compared by log p / ((5 + length) / 6)^α (Wu et al. 2016). The greedy continuation always goes on,
/// beside the beam where it falls out of it, so the result is never worse. The search ends when no hypothesis that goes
/// on can overtake the results any more: with a beam as wide as there are continuations it is exhaustive. Ties go to
/// the hypothesis that was there first, then to the lower symbol.
public struct BeamSearch: Sendable {
  /// Hypotheses that go on after each symbol.
  public let width: Int
  /// α: 0 compares log-probabilities; above it, longer continuations gain.
  public let lengthPenalty: Double
  /// Hypotheses wanted, at most.
  public let resultCount: Int

  public init(width: Int, lengthPenalty: Double = 0, resultCount: Int = 1) {
    precondition(
      width > 0 && resultCount > 0 && lengthPenalty.isFinite,
      "a beam of \(width) with the length penalty \(lengthPenalty) and \(resultCount) results")
    (self.width, self.lengthPenalty, self.resultCount) = (width, lengthPenalty, resultCount)
  }

  /// ((5 + length) / 6)^α
  private func penalty(_ length: Int) -> Double { pow(Double(5 + length) / 6, lengthPenalty) }

  /// The best continuations of a prompt, best first.
  ///
  /// Beyond the model's context the search goes on as `TokenGenerator` does.
  /// - Parameters:
  ///   - prompt: one symbol or more.
  ///   - limit: symbols of a continuation at most.
  ///   - endIDs: symbols that end a continuation.
  /// - Throws: `Failure` of kind `data` where the prompt cannot be read or the model's scores are not finite.
  public func search<Model: LanguageModel>(
    _ model: Model, prompt: [Int32], limit: Int, endIDs: Set<Int32>
  ) throws(Failure) -> [BeamHypothesis] {
    try SequenceReader.check(prompt, model)
    guard limit > 0 else { return [] }
    var reader = SequenceReader(model, batchSize: 1)
    var beam = Beam(self, endIDs: endIDs, vocabularySize: model.vocabularySize)
    var tokens = [prompt]
    for length in 1...limit {
      let parents = beam.extend(by: try reader.read(tokens), length: length)
      guard !parents.isEmpty, !beam.isDecided(length: length, limit: limit) else { break }
      if length < limit {
        reader.select(parents)
        tokens = beam.lastIDs
      }
    }
    return beam.results()
  }

  /// The hypotheses of a search.
  private struct Beam {
    private struct Hypothesis {
      var ids: [Int32]
      var logProbability: Double
    }
    private let search: BeamSearch
    private let ends: [Bool]
    private var active = [Hypothesis(ids: [], logProbability: 0)]
    /// Where among them the greedy continuation is; nil when it has ended.
    private var greedy: Int? = 0
    private var found: BestList<BeamHypothesis>

    init(_ search: BeamSearch, endIDs: Set<Int32>, vocabularySize: Int) {
      self.search = search
      ends = (0..<vocabularySize).map { endIDs.contains(Int32($0)) }
      found = BestList(limit: max(search.width, search.resultCount))
    }

    /// The last symbol of each hypothesis that goes on.
    var lastIDs: [[Int32]] { active.map { $0.ids.suffix(1) } }

    /// Extends every hypothesis by every symbol.
    /// - Returns: of each hypothesis that goes on, the one it came from.
    mutating func extend(by scores: TokenScores, length: Int) -> [Int] {
      var best = BestList<(parent: Int, id: Int32)>(limit: search.width)
      let penalty = search.penalty(length)
      for (parent, hypothesis) in active.enumerated() {
        for (id, logarithm) in scores.logProbabilities(ofRow: parent).enumerated() where logarithm > -.infinity {
          let total = hypothesis.logProbability + logarithm
          if ends[id] {
            found.offer(
              BeamHypothesis(
                ids: hypothesis.ids + [Int32(id)], logProbability: total, score: total / penalty, isComplete: true),
              score: total / penalty)
          } else {
            best.offer((parent, Int32(id)), score: total)
          }
        }
      }
      var chosen = best.entries.map { (parent: $0.element.parent, id: $0.element.id) }
      followGreedy(scores, &chosen)
      active = chosen.map { parent, id in
        Hypothesis(
          ids: active[parent].ids + [id],
          logProbability: active[parent].logProbability + scores.logProbability(of: id, row: parent))
      }
      return chosen.map(\.parent)
    }

    /// Keeps the greedy continuation among those that go on.
    private mutating func followGreedy(_ scores: TokenScores, _ chosen: inout [(parent: Int, id: Int32)]) {
      guard let parent = greedy, let next = scores.likeliest(1, row: parent).first, !ends[Int(next.id)] else {
        greedy = nil
        return
      }
      if let place = chosen.firstIndex(where: { $0 == (parent, next.id) }) {
        greedy = place
      } else {
        greedy = chosen.count
        chosen.append((parent, next.id))
      }
    }

    /// Whether nothing that goes on can become a result; at the limit, what goes on is found as it is.
    mutating func isDecided(length: Int, limit: Int) -> Bool {
      guard length < limit else {
        for hypothesis in active {
          let score = hypothesis.logProbability / search.penalty(length)
          found.offer(
            BeamHypothesis(
              ids: hypothesis.ids, logProbability: hypothesis.logProbability, score: score, isComplete: false),
            score: score)
        }
        return true
      }
      guard found.entries.count >= search.resultCount else { return false }
      // Log-probabilities only fall; the penalty is largest at one of the two ends.
      let penalty = max(search.penalty(length + 1), search.penalty(limit))
      let hope = active.map { $0.logProbability / penalty }.max() ?? -.infinity
      return found.entries[search.resultCount - 1].score >= hope
    }

    func results() -> [BeamHypothesis] { found.entries.prefix(search.resultCount).map(\.element) }
  }
}
