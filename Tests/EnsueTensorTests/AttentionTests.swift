// What fused attention promises beyond its numbers: rows that do not depend on other rows, threads that change no bit,
// weights that can be looked at, dropout that is a function of its place. That memory is linear in the length takes a
// process of its own to see (LargeAttentionTests, PlotTests).

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// Queries, keys and values of some sequences.
struct AttentionInputs: Sendable {
  let layout: PairLayout
  let heads: Int
  let tensors: TensorList

  init(
    queries: [Int], keys: [Int]? = nil, heads: Int = 2, keyHeads: Int? = nil, size: Int = 8, valueSize: Int = 8,
    _ type: ElementType = .float32
  ) {
    layout = PairLayout(
      queries: PackedLayout(lengths: queries), keys: PackedLayout(lengths: keys ?? queries))
    self.heads = heads
    let key = RandomKey(seed: 17)
    tensors = TensorList([
      Tensor.uniform([layout.queries.rowCount, heads * size], in: -2...2, key: key.derived("q"), type),
      Tensor.uniform([layout.keys.rowCount, (keyHeads ?? heads) * size], in: -2...2, key: key.derived("k"), type),
      Tensor.uniform([layout.keys.rowCount, (keyHeads ?? heads) * valueSize], in: -2...2, key: key.derived("v"), type),
    ])
  }

  func attention(
    _ list: TensorList? = nil, keyHeads: Int? = nil, reach: AttentionReach = .everything,
    dropout: AttentionDropout? = nil
  ) -> Tensor {
    let x = (list ?? tensors).tensors
    return scaledDotProductAttention(
      queries: x[0], keys: x[1], values: x[2], layout, headCount: heads, keyHeadCount: keyHeads, reach: reach,
      dropout: dropout)
  }

  /// A loss in which every number has its own part.
  func loss(_ y: Tensor) -> Tensor {
    (y * Tensor.uniform(y.shape, in: 0.5...1.5, key: RandomKey(seed: 3), y.elementType)).sum()
  }
}

private let reaches: [AttentionReach] = [
  .everything, .causal, .window(radius: 9), .causalWindow(length: 70), .blocks(size: 7, .everything),
  .blocks(size: 70, .causal), .blocks(size: 64, .window(radius: 9)),
]

extension PairMask {
  /// What a reach shows, pair by pair; nil for everything.
  fileprivate static func showing(_ reach: AttentionReach, _ layout: PairLayout) -> PairMask? {
    switch reach {
    case .everything: return nil
    case .causal: return .causal(layout)
    case .window(let radius): return .window(layout, radius: radius)
    case .causalWindow(let length): return causal(layout).intersection(.window(layout, radius: length - 1))
    case .blocks(let size, let reach):
      let blocks = PairMask.blocks(layout, size: size)
      return showing(reach, layout).map { blocks.intersection($0) } ?? blocks
    }
  }
}

@Test(arguments: reaches) func fusedAttentionEqualsItsParts(_ reach: AttentionReach) throws {
  let inputs = AttentionInputs(queries: [3, 130, 49], keys: [70, 131, 1], heads: 1, .float64)
  let layout = inputs.layout
  let mask = PairMask.showing(reach, layout)
  let (fused, fusedGradients) = valueAndGradient(of: inputs.tensors) {
    inputs.loss(inputs.attention($0, reach: reach))
  }
  let (composed, composedGradients) = valueAndGradient(of: inputs.tensors) { list in
    let x = list.tensors
    let weights = pairSoftmax(pairDots(x[0], x[1], layout) * (1 / 8.0.squareRoot()), layout, mask: mask)
    return inputs.loss(pairWeightedSums(weights, x[2], layout))
  }
  #expect(abs(fused.scalar - composed.scalar) < 1e-10)
  for index in 0..<3 {
    let gradient = try #require(fusedGradients["input\(index)"]?.dense)
    let expected = try #require(composedGradients["input\(index)"]?.dense)
    let disagreement = Disagreement(gradient, expected, relative: 1e-10, absolute: 1e-12)
    #expect(disagreement.isSmall, "input\(index): \(disagreement)")
  }
}

@Test(arguments: reaches) func attentionHasTheSameBitsForAnyThreadCount(_ reach: AttentionReach) throws {
  for (lengths, heads, keyHeads) in [([260], 1, 1), ([200, 3, 77, 129], 4, 2)] {
    let inputs = AttentionInputs(queries: lengths, heads: heads, keyHeads: keyHeads, size: 24, valueSize: 17)
    let dropout = AttentionDropout(rate: 0.2, key: RandomKey(seed: 8))
    let results = [1, 2, 3, 7].map { count in
      ThreadPool.$current.withValue(ThreadPool(threadCount: count)) {
        valueAndGradient(of: inputs.tensors) {
          inputs.loss(inputs.attention($0, keyHeads: keyHeads, reach: reach, dropout: dropout))
        }
      }
    }
    for (value, gradients) in results {
      #expect(value.isIdentical(to: results[0].0))
      for index in 0..<3 {
        let gradient = try #require(gradients["input\(index)"]?.dense)
        let first = try #require(results[0].1["input\(index)"]?.dense)
        #expect(gradient.isIdentical(to: first), "input\(index) with \(lengths)")
      }
    }
  }
}

@Test(arguments: reaches) func aSequenceAloneHasTheBitsItHasInABatch(_ reach: AttentionReach) {
  let lengths = [5, 133, 64, 70, 1]
  let batch = AttentionInputs(queries: lengths)
  let y = batch.attention(reach: reach)
  for (sequence, length) in lengths.enumerated() {
    let position = Int(batch.layout.queries.positions[sequence])
    let rows = (0..<length).map { Int32(batch.layout.queries.row(step: $0, position: position)) }
    let x = batch.tensors.tensors.map { $0.gathered(rows) }
    let alone = scaledDotProductAttention(
      queries: x[0], keys: x[1], values: x[2], PairLayout(PackedLayout(lengths: [length])), headCount: 2, reach: reach)
    #expect(alone.isIdentical(to: y.gathered(rows)), "sequence \(sequence)")
  }
}

@Test func queriesThatReachNoKeyGetZerosAndGiveNoGradient() throws {
  let inputs = AttentionInputs(queries: [6, 2], keys: [2, 5], .float64)
  let y = inputs.attention(reach: .window(radius: 1))
  let (_, gradients) = valueAndGradient(of: inputs.tensors) {
    inputs.loss(inputs.attention($0, reach: .window(radius: 1)))
  }
  let gradient = try #require(gradients["input0"]?.dense)
  // The first sequence's steps 3, 4 and 5 are more than one step from its keys 0 and 1.
  for step in 3...5 {
    let row = inputs.layout.queries.row(step: step, position: 0)
    #expect(y.gathered([Int32(row)]).doubles.allSatisfy { $0 == 0 })
    #expect(gradient.gathered([Int32(row)]).doubles.allSatisfy { $0 == 0 })
  }
  #expect((0..<3).allSatisfy { gradients["input\($0)"]?.dense.isFinite ?? false })
  let mask = PairMask(inputs.layout) { sequence, query, _ in sequence == 1 || query != 2 }
  let scores = TensorList([Tensor.uniform([inputs.layout.pairCount, 1], key: RandomKey(seed: 2), .float64)])
  for distribution in [pairSoftmax, pairSparsemax, { pairEntmax($0, alpha: 1.5, $1, mask: $2) }] {
    let (value, gradients) = valueAndGradient(of: scores) {
      square(distribution($0.tensors[0], inputs.layout, mask)).sum()
    }
    #expect(value.isFinite)
    let gradient = try #require(gradients["input0"]?.dense.doubles)
    let weights = distribution(scores.tensors[0], inputs.layout, mask).doubles
    for pair in weights.indices where !mask[pair] { #expect(weights[pair] == 0 && gradient[pair] == 0) }
  }
}

@Test func weightsAreThoseTheResultIsMadeOf() {
  let inputs = AttentionInputs(queries: [70, 3], keys: [66, 90], heads: 4, keyHeads: 2, .float64)
  let x = inputs.tensors.tensors
  let y = inputs.attention(keyHeads: 2, reach: .window(radius: 40))
  let weights = attentionWeights(
    queries: x[0], keys: x[1], values: x[2], inputs.layout, headCount: 4, keyHeadCount: 2, reach: .window(radius: 40))
  #expect(weights.map(\.shape) == [[4, 70, 66], [4, 3, 90]])
  for (sequence, weights) in weights.enumerated() {
    let position = Int(inputs.layout.queries.positions[sequence])
    let (queryCount, keyCount) = (weights.shape[1], weights.shape[2])
    let queryRows = (0..<queryCount).map { Int32(inputs.layout.queries.row(step: $0, position: position)) }
    let keyRows = (0..<keyCount).map { Int32(inputs.layout.keyRow(step: $0, position: position)) }
    for head in 0..<4 {
      let matrix = weights.sliced(head..<head + 1, axis: 0).reshaped([queryCount, keyCount])
      let values = x[2].gathered(keyRows).sliced(head / 2 * 8..<(head / 2 + 1) * 8)
      let disagreement = Disagreement(
        matmul(matrix, values), y.gathered(queryRows).sliced(head * 8..<(head + 1) * 8), relative: 1e-11,
        absolute: 1e-12)
      #expect(disagreement.isSmall, "sequence \(sequence), head \(head): \(disagreement)")
    }
  }
}

@Test func dropoutOfWeightsKeepsItsShareAndHasItsGradient() {
  let dropout = AttentionDropout(rate: 0.3, key: RandomKey(seed: 4))
  // With equal scores and values of one, a row's result is its kept share over 0.7.
  let layout = PairLayout(PackedLayout(lengths: [200, 100]))
  let ones = Tensor.ones([300, 8])
  let y = scaledDotProductAttention(
    queries: ones, keys: ones, values: ones, layout, headCount: 4, dropout: dropout
  ).floats
  let mean = y.reduce(0, +) / Float(y.count)
  #expect(abs(mean - 1) < 0.01)
  #expect(Set(y).count > 50)
  let small = AttentionInputs(queries: [5, 70], keys: [67, 4], heads: 1, size: 2, valueSize: 3, .float64)
  for (parameter, disagreement) in gradientDisagreements(
    of: small.tensors, loss: { small.loss(small.attention($0, dropout: dropout)) })
  {
    #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
  }
}
