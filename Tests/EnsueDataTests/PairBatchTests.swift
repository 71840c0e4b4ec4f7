// Laws of batches of pairs, for every strategy in every unit.

import EnsueData
import EnsueTensor
import Testing

struct BatchCase: Sendable, CustomTestStringConvertible {
  let strategy: BatchStrategyKind
  let unit: BatchUnitKind

  var testDescription: String { "\(strategy.rawValue), \(unit.rawValue)" }

  static let all = BatchStrategyKind.allCases.flatMap { strategy in
    BatchUnitKind.allCases.map { BatchCase(strategy: strategy, unit: $0) }
  }
}

@Suite struct PairBatchTests {
  /// 997 pairs, some with an empty side and one longer than any batch.
  private static let lengths: [(source: Int, target: Int)] = {
    let key = RandomKey(seed: 5)
    var lengths = (0..<997).map { (source: Int(key.bits(at: 2 * $0) % 23), target: Int(key.bits(at: 2 * $0 + 1) % 19)) }
    lengths[400] = (3, 1_000)
    lengths[401] = (100_000, 2)
    return lengths
  }()

  private func batches(_ test: BatchCase, size: Int = 37, seed: UInt64 = 1) -> PairBatches {
    PairBatches(
      lengths: PairBatchTests.lengths, strategy: test.strategy, unit: test.unit, size: size,
      key: RandomKey(seed: seed))
  }

  @Test(arguments: BatchCase.all) func everyPairOnce(_ test: BatchCase) {
    for size in [1, 2, 37, 5_000, Int.max] {
      for epoch in [0, 1, 77] {
        let made = batches(test, size: size).batches(epoch: epoch)
        #expect(made.joined().sorted() == Array(PairBatchTests.lengths.indices), "size \(size), epoch \(epoch)")
        #expect(made.allSatisfy { !$0.isEmpty })
        #expect(made.count == batches(test, size: size).batchCount(epoch: epoch))
      }
    }
  }

  @Test(arguments: BatchCase.all) func aFunctionOfKeyAndEpoch(_ test: BatchCase) {
    let first = batches(test)
    _ = first.batches(epoch: 8)
    #expect(first.batches(epoch: 3) == batches(test).batches(epoch: 3))
    #expect(first.batches(epoch: 3) != first.batches(epoch: 4))
    #expect(first.batches(epoch: 3) != batches(test, seed: 2).batches(epoch: 3))
  }

  @Test(arguments: BatchCase.all) func sizesAreKept(_ test: BatchCase) {
    func size(_ batch: [Int]) -> Int {
      switch test.unit {
      case .sentences: batch.count
      case .words: batch.reduce(0) { $0 + max(PairBatchTests.lengths[$1].target, 1) }
      }
    }
    let made = batches(test).unshuffledBatches(epoch: 2)
    for (batch, next) in zip(made, made.dropFirst()) {
      #expect(size(batch) <= 37 || batch.count == 1)
      // No batch could have taken the first pair of the next.
      #expect(size(batch + [next[0]]) > 37)
    }
    #expect(made.contains { $0.contains(400) && $0.count == 1 } == (test.unit == .words))
    for batch in batches(test, size: 1).batches(epoch: 0) {
      #expect(batch.count == 1 || test.unit == .words && batch.allSatisfy { PairBatchTests.lengths[$0].target <= 1 })
    }
  }

  @Test(arguments: BatchCase.all) func orderBeforeTheShuffle(_ test: BatchCase) {
    let order = Array(batches(test).unshuffledBatches(epoch: 1).joined())
    let keys = order.map { pair -> [Int] in
      let length = PairBatchTests.lengths[pair]
      switch test.strategy {
      case .shuffle: return []
      case .source: return [length.source]
      case .target: return [length.target]
      case .sourceTarget: return [length.source, length.target]
      case .targetSource: return [length.target, length.source]
      }
    }
    for (key, next) in zip(keys, keys.dropFirst()) { #expect(!next.lexicographicallyPrecedes(key)) }
    // What is equal is in another order in another epoch.
    #expect(order != Array(batches(test).unshuffledBatches(epoch: 2).joined()))
  }

  @Test(arguments: BatchCase.all) func batchesAreShuffled(_ test: BatchCase) {
    let (filled, made) = (batches(test).unshuffledBatches(epoch: 6), batches(test).batches(epoch: 6))
    #expect(filled != made)
    #expect(Set(filled) == Set(made) && filled.count == made.count)
  }

  @Test func strategiesDiffer() {
    let made = BatchStrategyKind.allCases.map {
      batches(BatchCase(strategy: $0, unit: .words)).unshuffledBatches(epoch: 0)
    }
    for (index, one) in made.enumerated() { for other in made[..<index] { #expect(one != other) } }
  }

  @Test func onePair() {
    let one = PairBatches(
      lengths: [(source: 0, target: 0)], strategy: .shuffle, unit: .words, size: 1, key: RandomKey(seed: 1))
    #expect(one.batches(epoch: 0) == [[0]] && one.pairCount == 1)
  }
}
