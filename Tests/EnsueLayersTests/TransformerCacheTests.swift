// Step by step with a cache against all at once, bit for bit.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// A stack of either kind.
private enum CachedStack {
  case encoder(TransformerEncoder)
  case decoder(TransformerDecoder, memory: PackedSequence)

  func whole(_ x: PackedSequence, _ reach: AttentionReach) -> PackedSequence {
    switch self {
    case .encoder(let stack): stack(x, reach: reach)
    case .decoder(let stack, let memory): stack(x, memory: memory, reach: reach)
    }
  }

  func makeCache() -> TransformerCache {
    switch self {
    case .encoder(let stack): stack.makeCache()
    case .decoder(let stack, let memory): stack.makeCache(memory: memory)
    }
  }

  func step(_ x: PackedSequence, _ cache: inout TransformerCache, _ reach: AttentionReach) -> PackedSequence {
    switch self {
    case .encoder(let stack): stack.step(x, &cache, reach: reach)
    case .decoder(let stack, _): stack.step(x, &cache, reach: reach)
    }
  }
}

@Suite struct TransformerCacheTests {
  /// Wide enough for full blocks of the products' kernels, and for their rests.
  private static let width = 40

  private static func stacks(memory lengths: [Int]) throws -> [CachedStack] {
    var configuration = TransformerConfiguration()
    (configuration.width, configuration.headCount, configuration.layerCount) = (width, 4, 2)
    (configuration.feedForwardSize, configuration.norm, configuration.hasFinalNorm) = (72, .pre, true)
    let key = RandomKey(seed: 1)
    var today = configuration
    (today.keyHeadCount, today.normKind, today.feedForward, today.rotary) = (2, .rms, .gated, RotaryPositions())
    var neighbours = today
    (neighbours.keyHeadCount, neighbours.rotary) = (1, RotaryPositions(layout: .interleaved))
    return [
      .encoder(try TransformerEncoder(configuration, key: key)),
      .encoder(try TransformerEncoder(today, key: key)),
      .encoder(try TransformerEncoder(neighbours, key: key)),
      .decoder(
        try TransformerDecoder(today, memoryWidth: 24, key: key), memory: rows(lengths, width: 24, seed: 3)),
      .decoder(
        try TransformerDecoder(configuration, memoryWidth: 24, key: key),
        memory: rows(lengths, width: 24, seed: 3)),
    ]
  }

  private static func rows(_ lengths: [Int], width: Int, seed: UInt64) -> PackedSequence {
    let rows = CallerRows(lengths)
    return rows.packed(.normal([rows.layout.rowCount, width], key: RandomKey(seed: seed)))
  }

  private static let reaches: [AttentionReach] = [.causal, .causalWindow(length: 5), .blocks(size: 6, .causal)]

  /// Prompts of `prompts` steps at once, then a step at a time; sequences that have ended leave the cache.
  private func check(_ stack: CachedStack, _ x: PackedSequence, prompts: [Int], _ reach: AttentionReach) {
    let (inputs, expected) = (CallerRows.sequences(x), CallerRows.sequences(stack.whole(x, reach)))
    var cache = stack.makeCache()
    var found = inputs.map { _ in [Tensor]() }
    var alive = Array(inputs.indices)
    var done = inputs.map { _ in 0 }
    var counts = prompts
    while !alive.isEmpty {
      let pieces = alive.map { inputs[$0].sliced(done[$0]..<done[$0] + counts[$0], axis: 0) }
      let results = CallerRows.sequences(stack.step(CallerRows.batch(pieces), &cache, reach))
      for (index, result) in zip(alive, results) {
        found[index].append(result)
        done[index] += counts[index]
      }
      #expect(cache.lengths == alive.map { done[$0] })
      let kept = alive.indices.filter { done[alive[$0]] < inputs[alive[$0]].shape[0] }
      if kept.count < alive.count { cache.keepSequences(kept) }
      alive = kept.map { alive[$0] }
      counts = inputs.map { _ in 1 }
    }
    for index in inputs.indices {
      #expect(
        concatenated(found[index], axis: 0).isIdentical(to: expected[index]), "sequence \(index), \(reach)")
    }
  }

  @Test func aStepAtATimeEqualsAllAtOnceForOneSequence() throws {
    for stack in try Self.stacks(memory: [9]) {
      let x = Self.rows([70], width: Self.width, seed: 2)
      for reach in Self.reaches {
        check(stack, x, prompts: [1], reach)
        check(stack, x, prompts: [13], reach)
      }
    }
  }

  @Test func aStepAtATimeEqualsAllAtOnceForEightOfUnequalLengths() throws {
    let lengths = [7, 21, 1, 33, 12, 12, 5, 18]
    for stack in try Self.stacks(memory: [4, 1, 9, 3, 20, 2, 2, 6]) {
      let x = Self.rows(lengths, width: Self.width, seed: 2)
      for reach in Self.reaches {
        check(stack, x, prompts: lengths.map { _ in 1 }, reach)
        check(stack, x, prompts: [3, 1, 1, 20, 12, 7, 5, 2], reach)
      }
    }
  }

  @Test func keptSequencesGoOnAsTheirOriginals() throws {
    let kept = [2, 0, 2]
    for stack in try Self.stacks(memory: [4, 1, 9]) {
      let x = Self.rows([4, 2, 3], width: Self.width, seed: 2)
      var cache = stack.makeCache()
      _ = stack.step(x, &cache, .causal)
      var other = cache
      other.keepSequences(kept)
      #expect(other.lengths == [3, 4, 3])
      let next = CallerRows.sequences(Self.rows([1, 1, 1], width: Self.width, seed: 4))
      let all = CallerRows.sequences(stack.step(CallerRows.batch(next), &cache, .causal))
      let some = CallerRows.sequences(stack.step(CallerRows.batch(kept.map { next[$0] }), &other, .causal))
      for (index, original) in kept.enumerated() { #expect(some[index].isIdentical(to: all[original])) }
    }
  }
}
