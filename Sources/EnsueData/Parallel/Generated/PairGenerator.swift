// Pairs without a file: what a generator is, and how parts of different pairs are drawn from it.

import EnsueFiles

/// A supply of pairs.
package protocol PairGenerator: Sendable {
  var kind: ParallelDatasetKind { get }
  /// The settings in words: `3 to 15 of 26 symbols in reverse`.
  var summary: String { get }
  /// The next pair; it depends on the numbers drawn alone.
  func pair(_ random: inout SplitMix64) -> SentencePair
}

extension PairGenerator {
  /// Draws the parts: no source occurs twice, in one part or in two. The test pairs are drawn first, then those of
  /// validation, so that they stay the same whatever the size of the training data.
  /// - Throws: `Failure` of kind `configuration` for counts out of range, or when there are not so many different pairs.
  package func splits(_ counts: PairCounts) throws -> ParallelSplits {
    try counts.check()
    var random = SplitMix64(seed: counts.seed, stream: 0x5EED_0010)
    var seen = Set<[UInt8]>()
    func part(_ name: String, _ count: Int) throws -> ParallelDataset {
      var report = ParallelReport()
      report.read = count
      report.notes = ["generated from the seed \(counts.seed): \(summary)"]
      return ParallelDataset(
        name: "\(kind.rawValue) \(name)", pairs: try fresh(count, &random, &seen), report: report)
    }
    let test = try part("test", counts.test)
    let validation = try part("validation", counts.validation)
    return ParallelSplits(
      training: try part("training", counts.training), validation: validation, tests: test.isEmpty ? [] : [test])
  }

  private func fresh(_ count: Int, _ random: inout SplitMix64, _ seen: inout Set<[UInt8]>) throws -> [SentencePair] {
    var pairs: [SentencePair] = []
    pairs.reserveCapacity(count)
    var repeats = 0
    while pairs.count < count {
      let pair = pair(&random)
      guard seen.insert(Array(pair.source.utf8)).inserted else {
        repeats += 1
        guard repeats < 10_000 else {
          throw Failure(
            .configuration, at: kind.rawValue,
            "more different pairs expected, found about \(seen.count) of them (\(summary))",
            advice: "Ask for fewer pairs or for longer ones.")
        }
        continue
      }
      repeats = 0
      pairs.append(pair)
    }
    return pairs
  }
}
