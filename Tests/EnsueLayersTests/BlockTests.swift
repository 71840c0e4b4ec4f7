// Properties of the pieces of today's language models: norms, gates, grouped keys.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct BlockTests {
  @Test(arguments: NormKind.allCases) func aNormHasThePapersStatistics(_ kind: NormKind) {
    let x =
      Tensor.normal([5, 64], deviation: 3, key: RandomKey(seed: 1), .float64)
      + Tensor(
        [Double](repeating: 2, count: 64), shape: [64])
    let y = Norm(kind, featureCount: 64, epsilon: 1e-12).converted(to: .float64)(x)
    let (means, squares) = (y.mean(axis: -1).doubles, square(y).mean(axis: -1).doubles)
    #expect(squares.allSatisfy { abs($0 - 1) < 1e-9 })
    switch kind {
    case .layer: #expect(means.allSatisfy { abs($0) < 1e-9 })
    case .rms: #expect(means.allSatisfy { $0 > 0.1 }, "the mean stays")
    }
  }

  @Test func aNormHasTheParametersOfItsKind() {
    #expect(Norm(.layer, featureCount: 3).parameters.map(\.name) == ["scale", "shift"])
    #expect(Norm(.rms, featureCount: 3).parameters.map(\.name) == ["scale"])
  }

  /// (Shazeer 2020, equation 6), from the parts.
  @Test(arguments: FeedForwardActivationKind.allCases) func aGatedSublayerIsTheEquation(
    _ activation: FeedForwardActivationKind
  ) throws {
    let layer = FeedForward(.gated, width: 4, innerSize: 7, activation: activation, key: RandomKey(seed: 1))
      .converted(to: .float64)
    let x = Tensor.normal([3, 4], key: RandomKey(seed: 2), .float64)
    let factor = try #require(layer.factor)
    let expected = layer.outer(activation.function(layer.inner(x)) * factor(x))
    #expect(layer(x).isIdentical(to: expected))
    let plain = FeedForward(.plain, width: 4, innerSize: 7, activation: activation, key: RandomKey(seed: 1))
    #expect(plain.factor == nil && plain.parameters.count == 4 && layer.parameters.count == 6)
  }

  /// One head of keys for all is the same as that head repeated.
  @Test func groupedKeysEqualRepeatedOnes() {
    let grouped = MultiHeadAttention(
      width: 12, headCount: 3, keyHeadCount: 1, rotary: RotaryPositions(), key: RandomKey(seed: 1)
    ).converted(to: .float64)
    #expect(grouped.key.weight.shape == [4, 12] && grouped.value.weight.shape == [4, 12])
    var whole = MultiHeadAttention(width: 12, headCount: 3, rotary: RotaryPositions(), key: RandomKey(seed: 1))
      .converted(to: .float64)
    (whole.query, whole.output) = (grouped.query, grouped.output)
    func repeated(_ part: Projection) -> Projection {
      var result = part
      result.weight = concatenated([part.weight, part.weight, part.weight], axis: 0)
      result.bias = part.bias.map { concatenated([$0, $0, $0], axis: 0) }
      return result
    }
    (whole.key, whole.value) = (repeated(grouped.key), repeated(grouped.value))
    let x = CallerRows([3, 7, 2]).packed(.normal([12, 12], key: RandomKey(seed: 2), .float64))
    let (a, b) = (grouped(x, reach: .causal).values, whole(x, reach: .causal).values)
    #expect(Disagreement(a, b, relative: 1e-12, absolute: 1e-13).isSmall)
  }

  /// What stands before both is nothing to rotary positions: the same text further on gives the same rows.
  @Test func attentionWithRotaryPositionsKnowsDistancesOnly() {
    let attention = MultiHeadAttention(
      width: 8, headCount: 2, rotary: RotaryPositions(layout: .interleaved), key: RandomKey(seed: 1)
    ).converted(to: .float64)
    let rows = Tensor.normal([4, 8], key: RandomKey(seed: 2), .float64)
    let whole = attention(CallerRows([4]).packed(rows), reach: .causalWindow(length: 2)).values
    let later = attention(
      CallerRows([6]).packed(concatenated([rows.sliced(0..<2, axis: 0), rows], axis: 0)),
      reach: .causalWindow(length: 2)
    ).values
    let (a, b) = (whole.sliced(1..<4, axis: 0), later.sliced(3..<6, axis: 0))
    #expect(Disagreement(a, b, relative: 1e-11, absolute: 1e-12).isSmall)
    let swapped = attention(
      CallerRows([2]).packed(concatenated([rows.sliced(1..<2, axis: 0), rows.sliced(0..<1, axis: 0)], axis: 0))
    ).values
    let straight = attention(CallerRows([2]).packed(rows.sliced(0..<2, axis: 0))).values
    #expect(!Disagreement(swapped.sliced(1..<2, axis: 0), straight.sliced(0..<1, axis: 0), relative: 1e-3).isSmall)
  }
}
