// Which pairs make which batch of which epoch: a function of a key, so that a resume needs only a cursor. Morishita et
// al., "An empirical study of mini-batch creation strategies for neural machine translation", 2017, algorithm 1: order all
// pairs, fill one batch after the other, shuffle the batches.

import EnsueTensor

/// The batches of pairs of every epoch.
///
/// All pairs are shuffled, then sorted as the strategy says (what is equal stays in random order, so that no two epochs
/// have the same batches), and put into batches in this order. A batch is full when the next pair would take it over its
/// size; in words, the size counts the symbols of the targets, as in the paper, whose batches end with the pair that
/// reaches the size. A pair longer than the size is a batch of its own. At last the batches are shuffled.
public struct PairBatches: Sendable {
  public let strategy: BatchStrategyKind
  public let unit: BatchUnitKind
  /// Pairs, or symbols of the targets, of a batch at most.
  public let size: Int
  private let lengths: [(source: Int, target: Int)]
  private let key: RandomKey

  /// - Parameter lengths: the symbols of each pair, as they are to be counted.
  /// - Precondition: there is a pair and `size` is at least 1.
  public init(
    lengths: [(source: Int, target: Int)], strategy: BatchStrategyKind, unit: BatchUnitKind, size: Int, key: RandomKey
  ) {
    precondition(!lengths.isEmpty && size > 0, "batches of \(size) \(unit.rawValue) out of \(lengths.count) pairs")
    (self.lengths, self.strategy, self.unit, self.size, self.key) = (lengths, strategy, unit, size, key)
  }

  public var pairCount: Int { lengths.count }

  /// The pairs of each batch of an epoch.
  public func batches(epoch: Int) -> [[Int]] {
    let made = unshuffledBatches(epoch: epoch)
    return key.derived(epoch).derived("batches").permutation(made.count).map { made[$0] }
  }

  /// How many batches an epoch has; in words it may differ from epoch to epoch.
  public func batchCount(epoch: Int) -> Int {
    switch unit {
    case .sentences: lengths.count / size + (lengths.count.isMultiple(of: size) ? 0 : 1)
    case .words: unshuffledBatches(epoch: epoch).count
    }
  }

  /// The batches in the order in which they are filled.
  package func unshuffledBatches(epoch: Int) -> [[Int]] {
    var batches: [[Int]] = []
    var batch: [Int] = []
    var filled = 0
    for pair in order(epoch: epoch) {
      let more = unit.size(target: lengths[pair].target)
      // `more` is a length of what is in memory, so the sum is far from the largest number.
      if !batch.isEmpty, filled + more > size {
        batches.append(batch)
        (batch, filled) = ([], 0)
      }
      batch.append(pair)
      filled += more
    }
    batches.append(batch)
    return batches
  }

  private func order(epoch: Int) -> [Int] {
    let shuffled = key.derived(epoch).derived("pairs").permutation(lengths.count)
    let entries = shuffled.enumerated().map { place, pair in
      let key = strategy.key(source: lengths[pair].source, target: lengths[pair].target)
      return (first: key.first, second: key.second, place: place)
    }
    return entries.sorted { ($0.first, $0.second, $0.place) < ($1.first, $1.second, $1.place) }.map {
      shuffled[$0.place]
    }
  }
}
