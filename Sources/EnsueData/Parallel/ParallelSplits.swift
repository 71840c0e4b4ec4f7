// The parts of a parallel data set that a run uses.

import EnsueText

/// Training, validation and test pairs.
public struct ParallelSplits: Sendable, Equatable {
  public let training: ParallelDataset
  /// Decides when to stop; empty when no validation was asked for.
  public let validation: ParallelDataset
  /// Test sets, the usual one first; none when there is none.
  public let tests: [ParallelDataset]

  public init(training: ParallelDataset, validation: ParallelDataset, tests: [ParallelDataset] = []) {
    (self.training, self.validation, self.tests) = (training, validation, tests)
  }

  /// The usual test set.
  public var test: ParallelDataset? { tests.first }

  /// The parts that have pairs, in the order training, validation, tests.
  public var parts: [ParallelDataset] { ([training, validation] + tests).filter { !$0.isEmpty } }

  /// The reports of all parts, and how many sources of the others stand in the training data too.
  public var lines: [String] {
    var known = ByteTable(capacity: training.count)
    for pair in training.pairs { known.insert(Array(pair.source.utf8)) }
    return parts.flatMap { part in
      if part.name.utf8.elementsEqual(training.name.utf8) { return part.lines }
      let shared = part.pairs.count { known.find(Array($0.source.utf8)) != nil }
      return part.lines
        + (shared == 0
          ? []
          : ["  \(PrintedNumber.counted(shared, "source is", "sources are")) in the training data too"])
    }
  }
}
