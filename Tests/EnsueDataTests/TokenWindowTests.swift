// Windows of a text: what an epoch reads, and that any moment of it is found at once.

import EnsueData
import EnsueTensor
import Testing

@Suite struct TokenWindowTests {
  private func ranges(_ windows: TokenWindows, epoch: Int) -> [Range<Int>] {
    (0..<windows.count).map { windows.range($0, epoch: epoch) }
  }

  @Test(arguments: 2...60) func overTheWholeText(_ count: Int) throws {
    let source = TokenArray((0..<count).map { Int32($0) })
    for length in 1...12 {
      let windows = TokenWindows(source, length: length, isWithinDocuments: false, seed: 1)
      for epoch in 0..<4 {
        let found = ranges(windows, epoch: epoch).sorted { $0.lowerBound < $1.lowerBound }
        #expect(found.count == max(1, (count - length) / length))
        #expect(found.allSatisfy { $0.count == min(length, count - 1) && $0.lowerBound >= 0 && $0.upperBound < count })
        // Side by side, and what is left over at the ends is less than two windows.
        for (one, next) in zip(found, found.dropFirst()) { #expect(one.upperBound == next.lowerBound) }
        #expect(count - 1 - found.reduce(0) { $0 + $1.count } < 2 * length)
      }
      for index in 0..<windows.count {
        let (inputs, targets) = try windows.window(index, epoch: 2)
        let range = windows.range(index, epoch: 2)
        #expect(inputs == range.map { Int32($0) } && targets == range.map { Int32($0 + 1) })
      }
    }
  }

  @Test(arguments: [[30], [1, 1, 5, 1], [2, 9, 10, 11, 20, 21, 22, 1], [40, 3, 17]])
  func withinDocuments(_ sizes: [Int]) {
    let starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
    let count = sizes.reduce(0, +)
    let source = TokenArray([Int32](repeating: 0, count: count), documentStarts: starts)
    for length in [1, 3, 10, 50] {
      let windows = TokenWindows(source, length: length, isWithinDocuments: true, seed: 1)
      #expect(windows.count == sizes.reduce(0) { $0 + ($1 - 1 + length - 1) / length })
      for epoch in 0..<5 {
        let found = ranges(windows, epoch: epoch)
        #expect(found.allSatisfy { 1...length ~= $0.count })
        // Every id but the first of a document is a target once, and no window holds the start of the next one.
        let targets = found.flatMap { $0.map { $0 + 1 } }.sorted()
        #expect(targets == (0..<count).filter { !starts.contains($0) })
      }
    }
  }

  @Test func sampledWindowsLieInOneDocument() {
    let starts = [0, 40, 43, 44]
    let source = TokenArray([Int32](repeating: 0, count: 100), documentStarts: starts)
    let within = TokenWindows(source, length: 8, isWithinDocuments: true, seed: 5, order: .sampled)
    let across = TokenWindows(source, length: 8, isWithinDocuments: false, seed: 5, order: .sampled)
    var begins = Set<Int>()
    for epoch in 0..<200 {
      for range in ranges(within, epoch: epoch) {
        #expect(range.count == (range.lowerBound == 40 ? 2 : 8))
        #expect(starts.filter { $0 <= range.lowerBound }.last == starts.filter { $0 <= range.upperBound }.last)
        begins.insert(range.lowerBound)
      }
      for range in ranges(across, epoch: epoch) { #expect(range.count == 8 && range.upperBound < 100) }
    }
    // Every start that leaves a window whole, and the short document's one.
    #expect(begins == Set(0...31).union([40]).union(44...91))
  }

  @Test func sampledStartsAreAlikeLikely() {
    let source = TokenArray([Int32](repeating: 0, count: 50))
    let windows = TokenWindows(source, length: 10, isWithinDocuments: false, seed: 9, order: .sampled)
    var counts = [Int](repeating: 0, count: 40)
    for epoch in 0..<10_000 {
      for range in ranges(windows, epoch: epoch) { counts[range.lowerBound] += 1 }
    }
    // 40,000 draws of 40 starts: a thousand each, with a deviation of 31.
    #expect(counts.allSatisfy { abs($0 - 1000) < 160 }, "\(counts)")
  }

  @Test(arguments: WindowOrderKind.allCases) func aFunctionOfSeedEpochAndNumber(_ order: WindowOrderKind) {
    let source = TokenArray([Int32](repeating: 0, count: 5000), documentStarts: [0, 100, 3000])
    for isWithin in [true, false] {
      func windows(_ seed: UInt64) -> TokenWindows {
        TokenWindows(source, length: 7, isWithinDocuments: isWithin, seed: seed, order: order)
      }
      let all = ranges(windows(1), epoch: 3)
      // Asked for in another order, by another value.
      for index in all.indices.reversed() { #expect(windows(1).range(index, epoch: 3) == all[index]) }
      #expect(all != ranges(windows(2), epoch: 3) && all != ranges(windows(1), epoch: 4))
      // Neighbours in the epoch are no neighbours in the text.
      let steps = zip(all, all.dropFirst()).filter { $1.lowerBound == $0.upperBound }.count
      #expect(steps < all.count / 20)
    }
  }

  @Test(arguments: [0, 1]) func tooShortATextHasNoWindows(_ count: Int) {
    for order in WindowOrderKind.allCases {
      for isWithin in [true, false] {
        let source = TokenArray([Int32](repeating: 0, count: count))
        #expect(TokenWindows(source, length: 4, isWithinDocuments: isWithin, seed: 0, order: order).count == 0)
      }
    }
  }
}

@Suite struct IndexPermutationTests {
  @Test(arguments: Array(0...70) + [127, 128, 129, 1000, 4096, 65_537]) func everyPositionOnce(_ count: Int) {
    for seed in 0..<5 {
      let permutation = IndexPermutation(count: count, key: RandomKey(seed: UInt64(seed)))
      #expect((0..<count).map { permutation[$0] }.sorted() == Array(0..<count))
    }
  }

  @Test func positionsFarOut() {
    let count = 1 << 40
    let permutation = IndexPermutation(count: count, key: RandomKey(seed: 1))
    let places = (0..<10_000).map { permutation[$0 * 109_951_162] }
    #expect(Set(places).count == places.count && places.allSatisfy { 0..<count ~= $0 })
    // Half of them lie in the lower half: the deviation is 50.
    #expect(abs(places.filter { $0 < count / 2 }.count - 5000) < 250)
  }

  /// Where each position goes, over many keys: all places alike, and of a pair all pairs.
  @Test(arguments: [5, 8, 13]) func allPlacesAlike(_ count: Int) {
    let trials = 20_000
    var places = [Int](repeating: 0, count: count * count)
    for trial in 0..<trials {
      let permutation = IndexPermutation(count: count, key: RandomKey(seed: 7).derived(trial))
      for position in 0..<count { places[position * count + permutation[position]] += 1 }
    }
    let expected = Double(trials) / Double(count)
    #expect(places.allSatisfy { abs(Double($0) - expected) < 6 * expected.squareRoot() }, "\(places)")
  }
}
