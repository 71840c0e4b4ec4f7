// The likeliest continuation of a prompt, looked for among several at once.

import EnsueFiles
import EnsueModels

/// Beam search over a language model: of all continuations by one symbol the likeliest go on.
///
/// Hypotheses are compared by log p / ((5 + length) / 6)^α (Wu et al. 2016). The search ends when all places of the beam
/// have ended, or when no hypothesis that goes on can overtake the results any more: with a beam as wide as there are
/// continuations it is exhaustive, and a narrower one may lose what would have been the best. Ties go to the hypothesis
/// that was there first, then to the lower symbol.
public struct BeamSearch: Sendable {
  /// Hypotheses that go on after each symbol, less those that have ended.
  public let width: Int
  /// α: 0 compares log-probabilities; above it, longer continuations gain.
  public let lengthPenalty: Double
  /// Hypotheses wanted, at most; a beam narrower than that is widened.
  public let resultCount: Int
  /// Symbols that are never written, such as the unknown one. The probabilities of the others stay as they are.
  public let excludedIDs: Set<Int32>

  public init(width: Int, lengthPenalty: Double = 0, resultCount: Int = 1, excludedIDs: Set<Int32> = []) {
    precondition(
      width > 0 && resultCount > 0 && lengthPenalty.isFinite,
      "a beam of \(width) with the length penalty \(lengthPenalty) and \(resultCount) results")
    (self.width, self.lengthPenalty, self.resultCount) = (width, lengthPenalty, resultCount)
    self.excludedIDs = excludedIDs
  }

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
    let rules = BeamRules(
      width: max(width, resultCount), lengthPenalty: lengthPenalty, resultCount: resultCount, endIDs: endIDs)
    var beam = Beam(rules, limit: limit)
    var reader = SequenceReader(model, batchSize: 1)
    var tokens = [prompt]
    let excluded = excludedIDs.map { Int($0) }.filter { (0..<model.vocabularySize).contains($0) }
    while true {
      var scores = try reader.read(tokens)
      scores.exclude(beam.active.indices.flatMap { row in excluded.map { (row: row, column: $0) } })
      let group = (rows: 0..<beam.active.count, count: beam.placeCount)
      let candidates = scores.ranked([group], after: beam.active.map(\.logProbability))[0]
      let parents = beam.extend(by: candidates)
      if parents.isEmpty { break }
      reader.select(parents)
      tokens = beam.active.map { $0.ids.suffix(1) }
    }
    return beam.results.map { result in
      BeamHypothesis(
        ids: result.ids, logProbability: result.logProbability,
        logProbabilities: zip(result.sums, [0] + result.sums).map { $0 - $1 }, score: result.score,
        isComplete: result.isComplete)
    }
  }
}
