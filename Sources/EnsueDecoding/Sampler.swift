// Draws the next symbol from a model's scores.

import EnsueFiles
import EnsueTensor

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Draws symbols. A draw is a function of the seed, of the number of its sequence and of its place there, not of what
/// was drawn before: a sequence's draws do not depend on the sequences beside it.
public struct Sampler: Sendable {
  public let options: SamplingOptions
  private let key: RandomKey

  /// - Throws: `Failure` of kind `configuration` where an option makes no rule.
  public init(_ options: SamplingOptions) throws(Failure) {
    try options.check()
    self.options = options
    key = RandomKey(seed: options.seed).derived("sampling")
  }

  /// Draws a symbol.
  /// - Parameters:
  ///   - row: of `scores`.
  ///   - recent: what the sequence has read, the last symbol last.
  ///   - sequence: the number of the sequence.
  ///   - position: symbols drawn for this sequence before.
  /// - Throws: `Failure` of kind `data` where nothing is left that could be drawn.
  public func draw(
    from scores: TokenScores, row: Int = 0, recent: [Int32] = [], sequence: Int = 0, position: Int
  ) throws(Failure) -> DrawnToken {
    let candidates = try candidates(scores, row: row, recent: recent)
    let total = candidates.reduce(0) { $0 + $1.probability }
    // The upper 53 bits: uniform on 0 ..< 1.
    var rest = Double(key.derived(sequence).bits(at: position) >> 11) * 0x1p-53 * total
    var id = candidates[0].id
    for candidate in candidates where candidate.probability > 0 {
      id = candidate.id
      rest -= candidate.probability
      if rest < 0 { break }
    }
    return DrawnToken(
      id: id, logProbability: scores.logProbability(of: id, row: row),
      likeliest: options.likeliestCount > 0 ? scores.likeliest(options.likeliestCount, row: row) : [])
  }

  /// A symbol that may be drawn.
  public struct Candidate: Sendable, Equatable {
    public let id: Int32
    /// After temperature, penalties and cuts; those of all candidates sum up to 1.
    public fileprivate(set) var probability: Double
  }

  /// What a symbol is drawn from: the distribution after temperature, penalties and cuts.
  /// - Parameters: as for `draw`.
  /// - Throws: `Failure` of kind `data` where nothing is left that could be drawn.
  public func candidates(_ scores: TokenScores, row: Int = 0, recent: [Int32] = []) throws(Failure) -> [Candidate] {
    // Until `weigh` makes probabilities of them, `probability` holds scores.
    var candidates = scored(scores.scores(ofRow: row), recent)
    guard let best = candidates.map(\.probability).max() else {
      throw Failure(.data, at: "model", "a symbol that may be drawn expected, found none beside the excluded ones")
    }
    guard options.temperature > 0 else {
      return candidates.first { $0.probability == best }.map { [Candidate(id: $0.id, probability: 1)] } ?? []
    }
    if let count = options.topK, count < candidates.count { candidates = Sampler.largest(count, of: candidates) }
    for index in candidates.indices {
      candidates[index].probability = exp((candidates[index].probability - best) / options.temperature)
    }
    Sampler.normalize(&candidates)
    if let share = options.topP, share < 1 { Sampler.keepNucleus(share, of: &candidates) }
    if let share = options.minP {
      let least = share * (candidates.map(\.probability).max() ?? 0)
      candidates.removeAll { $0.probability < least }
    }
    Sampler.normalize(&candidates)
    return candidates
  }

  /// Symbols that can follow and are not excluded, by id, with scores after the penalty.
  private func scored(_ row: [Double], _ recent: [Int32]) -> [Candidate] {
    var scores = row
    if options.repetitionPenalty != 1 {
      for id in Set(recent.suffix(options.repetitionWindow ?? recent.count)) {
        let score = scores[Int(id)]
        scores[Int(id)] = score < 0 ? score * options.repetitionPenalty : score / options.repetitionPenalty
      }
    }
    for id in options.excludedIDs where scores.indices.contains(Int(id)) { scores[Int(id)] = -.infinity }
    var candidates: [Candidate] = []
    candidates.reserveCapacity(scores.count)
    for (id, score) in scores.enumerated() where score > -.infinity {
      candidates.append(Candidate(id: Int32(id), probability: score))
    }
    return candidates
  }

  /// The likeliest symbols until their probabilities sum up to `share`.
  private static func keepNucleus(_ share: Double, of candidates: inout [Candidate]) {
    // All symbols below this together do not reach 1 - share: none of them is kept, and none need be sorted.
    let least = (1 - share) / Double(candidates.count)
    let likely = candidates.filter { $0.probability >= least }
    var before = 0.0
    candidates = largest(likely.count, of: likely)
    let end = candidates.firstIndex { candidate in
      defer { before += candidate.probability }
      return before >= share
    }
    if let end { candidates.removeSubrange(max(1, end)...) }
  }

  private static func largest(_ count: Int, of candidates: [Candidate]) -> [Candidate] {
    func comes(_ a: Candidate, before b: Candidate) -> Bool {
      a.probability != b.probability ? a.probability > b.probability : a.id < b.id
    }
    // A short list is kept in order; a long one is sorted.
    guard count < 256 && count < candidates.count else { return Array(candidates.sorted(by: comes).prefix(count)) }
    var best = BestList<Candidate>(limit: count)
    for candidate in candidates { best.offer(candidate, score: candidate.probability) }
    return best.entries.map(\.element)
  }

  private static func normalize(_ candidates: inout [Candidate]) {
    let total = candidates.reduce(0) { $0 + $1.probability }
    for index in candidates.indices { candidates[index].probability /= total }
  }
}
