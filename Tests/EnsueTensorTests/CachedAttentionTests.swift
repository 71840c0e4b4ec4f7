// Decoding with a cache gives bit for bit what the whole sequence gives.

import EnsueTensor
import EnsueTestSupport
import Testing

private let reaches: [AttentionReach] = [
  .causal, .causalWindow(length: 5), .causalWindow(length: 70), .blocks(size: 7, .causal),
  .blocks(size: 70, .causalWindow(length: 5)),
]

/// The rows of some steps of every sequence, as a packed batch of their own.
private func part(_ x: Tensor, _ layout: PackedLayout, from first: [Int], count: [Int]) -> PackedSequence {
  let part = PackedLayout(lengths: count)
  let positions = layout.positions
  var rows: [Int32] = []
  for step in 0..<part.stepCount {
    for position in 0..<part.aliveCount(at: step) {
      let sequence = part.order[position]
      rows.append(Int32(layout.row(step: first[sequence] + step, position: Int(positions[sequence]))))
    }
  }
  return PackedSequence(layout: part, values: x.gathered(rows))
}

@Test(arguments: reaches, [[3], [2, 60, 1, 9, 64, 5, 90, 7]])
func cachedAttentionHasTheBitsOfTheWhole(_ reach: AttentionReach, _ starts: [Int]) {
  let steps = 80
  for (heads, keyHeads) in [(2, 2), (4, 2)] {
    let inputs = AttentionInputs(
      queries: starts.map { $0 + steps }, heads: heads, keyHeads: keyHeads, size: 12, valueSize: 20)
    let layout = inputs.layout.queries
    let x = inputs.tensors.tensors
    let whole = inputs.attention(keyHeads: keyHeads, reach: reach)
    var cache = KeyValueCache(headCount: keyHeads, keySize: 12, valueSize: 20)
    func check(from first: [Int], count: [Int]) {
      cache.append(
        keys: part(x[1], layout, from: first, count: count), values: part(x[2], layout, from: first, count: count))
      let y = cachedAttention(
        queries: part(x[0], layout, from: first, count: count), cache: cache, headCount: heads, reach: reach)
      let expected = part(whole, layout, from: first, count: count).values
      #expect(y.isIdentical(to: expected), "after \(first)")
    }
    check(from: starts.map { _ in 0 }, count: starts)
    for step in 0..<steps { check(from: starts.map { $0 + step }, count: starts.map { _ in 1 }) }
    #expect(cache.lengths == starts.map { $0 + steps })
  }
}

@Test func keptSequencesGrowIndependently() {
  let inputs = AttentionInputs(queries: [70, 9, 30], heads: 1)
  let x = inputs.tensors.tensors
  let layout = inputs.layout.queries
  var cache = KeyValueCache(headCount: 1, keySize: 8, valueSize: 8)
  func steps(_ index: Int, _ count: [Int]) -> PackedSequence {
    part(x[index], layout, from: count.map { _ in 0 }, count: count)
  }
  cache.append(keys: steps(1, [70, 9, 30]), values: steps(2, [70, 9, 30]))
  let before = cache
  // A beam: the second hypothesis twice, the first once, the third ended.
  cache.keepSequences([1, 0, 1])
  #expect(cache.lengths == [9, 70, 9])
  let next = PackedLayout(lengths: [1, 1, 1])
  func rows(_ key: String) -> PackedSequence {
    PackedSequence(layout: next, values: .uniform([3, 8], in: -2...2, key: RandomKey(seed: 5).derived(key)))
  }
  let (q, k, v) = (rows("q"), rows("k"), rows("v"))
  cache.append(keys: k, values: v)
  let y = cachedAttention(queries: q, cache: cache, headCount: 1)
  for (place, source) in [1, 0, 1].enumerated() {
    var alone = before
    alone.keepSequences([source])
    let one = PackedLayout(lengths: [1])
    func row(_ x: PackedSequence) -> PackedSequence {
      PackedSequence(layout: one, values: x.values.gathered([Int32(place)]))
    }
    alone.append(keys: row(k), values: row(v))
    let expected = cachedAttention(queries: row(q), cache: alone, headCount: 1)
    #expect(y.gathered([Int32(place)]).isIdentical(to: expected), "place \(place)")
  }
  #expect(before.lengths == [70, 9, 30])
}
