// Parts held out of a data set: no source of a part is in another part or in the rest.

import EnsueFiles
import EnsueTensor
import EnsueText

extension ParallelDataset {
  /// Takes parts away, chosen by the seed among the different sources; the rest keeps its order.
  ///
  /// A part has a source once. Pairs of the rest with a source that is held out are dropped and counted.
  /// - Throws: `Failure` of kind `data` when there are too few different sources for the parts and something to train on.
  func holdingOut(_ parts: [(name: String, count: Int)], seed: UInt64) throws -> (
    rest: ParallelDataset, parts: [ParallelDataset]
  ) {
    var sources = ByteTable(capacity: count)
    var first: [Int] = []
    let sourceOfPair = pairs.indices.map { index in
      let (source, isNew) = sources.insert(Array(pairs[index].source.utf8))
      if isNew { first.append(index) }
      return source
    }
    let wanted = parts.reduce(0) { $0 + $1.count }
    guard wanted < first.count else {
      throw Failure(
        .data, at: report.files.first?.path ?? name,
        "more than \(wanted) different sources to hold \(wanted) of them out expected, found \(first.count)",
        advice: "Hold fewer out, or name files of validation and test data.")
    }
    let order = RandomKey(seed: seed).derived("held-out pairs").permutation(first.count)
    var isHeldOut = [Bool](repeating: false, count: first.count)
    var taken = 0
    let datasets = parts.map { name, count in
      let chosen = order[taken..<taken + count].sorted()
      taken += count
      for source in chosen { isHeldOut[source] = true }
      var report = ParallelReport()
      report.read = count
      report.notes = ["held out of the \(PrintedNumber.counted(self.count, "pair", "pairs")) by the seed \(seed)"]
      return ParallelDataset(name: name, pairs: chosen.map { pairs[first[$0]] }, report: report)
    }
    return (rest(sourceOfPair, isHeldOut, first, wanted), datasets)
  }

  private func rest(_ sourceOfPair: [Int], _ isHeldOut: [Bool], _ first: [Int], _ wanted: Int) -> ParallelDataset {
    var report = report
    report.read -= wanted
    var kept: [SentencePair] = []
    for (index, source) in sourceOfPair.enumerated() {
      if !isHeldOut[source] {
        kept.append(pairs[index])
      } else if first[source] != index {
        report.drop(.heldOut, at: "pair \(index + 1) of those kept")
      }
    }
    return ParallelDataset(name: name, pairs: kept, report: report)
  }
}
