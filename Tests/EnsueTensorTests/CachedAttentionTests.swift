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
  // Panels of several vectors, the last of them narrower.
  let (keySize, valueSize) = (24, 40)
  func drawn(_ lengths: [Int], _ size: Int, _ name: String) -> PackedSequence {
    let layout = PackedLayout(lengths: lengths)
    let key = RandomKey(seed: 5).derived(name)
    return PackedSequence(layout: layout, values: .uniform([layout.rowCount, size], in: -2...2, key: key))
  }
  let lengths = [70, 20, 30]
  let first = (keys: drawn(lengths, keySize, "keys"), values: drawn(lengths, valueSize, "values"))
  var cache = KeyValueCache(headCount: 1, keySize: keySize, valueSize: valueSize)
  cache.append(keys: first.keys, values: first.values)
  let before = cache
  // A beam: the second hypothesis twice, the first once, the third ended.
  cache.keepSequences([1, 0, 1])
  #expect(cache.lengths == [20, 70, 20])
  let one = [1, 1, 1]
  let (q, k, v) = (drawn(one, keySize, "q"), drawn(one, keySize, "k"), drawn(one, valueSize, "v"))
  cache.append(keys: k, values: v)
  let y = cachedAttention(queries: q, cache: cache, headCount: 1)
  // The same steps in memory that nothing ever shared.
  for place in [0, 2] {
    var alone = KeyValueCache(headCount: 1, keySize: keySize, valueSize: valueSize)
    alone.append(keys: first.keys, values: first.values)
    func rows(_ x: PackedSequence) -> PackedSequence {
      PackedSequence(layout: x.layout, values: x.values.gathered([1, Int32(place), 1]))
    }
    alone.append(keys: rows(k), values: rows(v))
    let expected = cachedAttention(queries: rows(q), cache: alone, headCount: 1)
    #expect(y.gathered([1, Int32(place)]).isIdentical(to: expected.gathered([0, 1])), "place \(place)")
  }
  #expect(before.lengths == lengths)
}
