// The order of pairs, and masks over them.

import EnsueTensor
import Testing

private let layout = PairLayout(queries: PackedLayout(lengths: [2, 4, 3]), keys: PackedLayout(lengths: [3, 2, 5]))

@Test func pairsStandByPackedQueryRowThenByKeyStep() {
  // Packed queries: sequences 1, 2, 0 at steps 0 and 1; 1 and 2 at step 2; 1 at step 3.
  #expect(layout.pairCount == 2 * 3 + 4 * 2 + 3 * 5)
  #expect(layout.offsets == [0, 2, 7, 10, 12, 17, 20, 22, 27, 29])
  // Packed keys: sequences 2, 0, 1 at steps 0 and 1; 2 and 0 at step 2; 2 at steps 3 and 4.
  #expect(layout.keyRows.prefix(10) == [2, 5, 0, 3, 6, 8, 9, 1, 4, 7])
  #expect(layout.queryRows.prefix(10) == [0, 0, 1, 1, 1, 1, 1, 2, 2, 2])
}

@Test func masksAllowWhatTheySay() {
  var seen = 0
  let own = PairMask(layout) { sequence, query, key in sequence == 1 && key <= query }
  let (causal, window) = (PairMask.causal(layout), PairMask.window(layout, radius: 1))
  let blocks = PairMask.blocks(layout, size: 2)
  layout.forEachQuery { query in
    for (key, pair) in query.pairs.enumerated() {
      #expect(causal[pair] == (key <= query.step))
      #expect(window[pair] == (abs(key - query.step) <= 1))
      #expect(blocks[pair] == (key / 2 == query.step / 2))
      #expect(own[pair] == (query.sequence == 1 && key <= query.step))
      seen += 1
    }
  }
  #expect(seen == layout.pairCount)
  #expect(own == PairMask(layout) { sequence, _, _ in sequence == 1 }.intersection(causal))
}
