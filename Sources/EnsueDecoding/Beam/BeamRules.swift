// What beam searches share: how hypotheses are compared, and when enough is known.

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a beam search compares hypotheses Y after a source X (Wu et al. 2016):
/// s(Y) = log p(Y | X) / ((5 + length) / 6)^α + β Σᵢ log min(Σⱼ attention of symbol j to source step i, 1).
///
/// Hypotheses that go on are of one length and compared by log p alone.
struct BeamRules: Sendable {
  /// Hypotheses that go on or have ended within the beam.
  let width: Int
  /// α
  let lengthPenalty: Double
  /// β, 0 or more.
  var coveragePenalty = 0.0
  /// Hypotheses wanted, at most.
  let resultCount: Int
  /// Symbols that end a hypothesis, as its last.
  let endIDs: Set<Int32>

  /// ((5 + length) / 6)^α
  func penalty(_ length: Int) -> Double { pow(Double(5 + length) / 6, lengthPenalty) }

  /// s(Y) from log p, the number of symbols, their end included, and the sum over the source.
  func score(_ logProbability: Double, length: Int, coverage: Double) -> Double {
    let score = logProbability / penalty(length)
    return coveragePenalty > 0 ? score + coveragePenalty * coverage : score
  }

  /// What no continuation of a hypothesis can exceed, none being longer than the limit.
  ///
  /// log p only falls, so it is best divided by the largest penalty, which is at one of the two ends; coverage is at
  /// most 0.
  func bound(_ logProbability: Double, length: Int, limit: Int) -> Double {
    logProbability / max(penalty(length), penalty(limit))
  }
}
