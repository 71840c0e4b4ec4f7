// Maps and tables whose weights are packed: what a visitor sees of them, and what becomes of a change.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct WeightPrecisionTests {
  private static let input = Tensor.normal([7, 20], key: RandomKey(seed: 2))
  private static let map = {
    var map = Projection(weight: .normal([33, 20], key: RandomKey(seed: 1)), hasBias: true)
    map.bias = .normal([33], key: RandomKey(seed: 3))
    return map
  }()

  @Test func aPackedMapIsTheMapOfWhatAVisitorSees() throws {
    for precision in WeightPrecisionKind.allCases {
      let packed = Self.map.prepared(precision)
      let weight = try #require(packed.parameters.first { $0.name == "weight" }).tensor
      #expect(packed.parameterCount == Self.map.parameterCount && packed.trainedCount == Self.map.trainedCount)
      #expect(packed.inputSize == 20 && packed.outputSize == 33)
      #expect(weight.isIdentical(to: packed.weight))
      #expect(weight.isIdentical(to: Self.map.weight) == (precision == .full))
      #expect(packed(Self.input).isIdentical(to: linear(Self.input, weight: weight, bias: packed.bias)))
      // Whoever has laid a map out decides its precision.
      #expect(packed.prepared(.full)(Self.input).isIdentical(to: packed(Self.input)))
      #expect(packed.prepared(.bf16)(Self.input).isIdentical(to: packed(Self.input)))
    }
  }

  @Test func aChangedMapStaysInItsPrecision() {
    for precision in WeightPrecisionKind.allCases {
      var (packed, plain) = (Self.map.prepared(precision), Self.map)
      packed.forEachParameter { _, tensor, _ in tensor = tensor * 3 }
      plain.forEachParameter { _, tensor, _ in tensor = tensor * 3 }
      let expected = precision == .full ? plain(Self.input) : packed.prepared()(Self.input)
      #expect(packed(Self.input).isIdentical(to: expected))
      // Three times a number of 8 bits need not have 8 bits.
      let rounded = plain.prepared(precision)
      #expect(Disagreement(packed(Self.input), rounded(Self.input), relative: 0.02, absolute: 0.2).isSmall)
      packed.weight = plain.weight
      #expect(packed(Self.input).isIdentical(to: plain(Self.input)), "a weight that is set is taken as it is")
    }
  }

  @Test func aGradientFlowsThroughTheNumbers() throws {
    let packed = Self.map.prepared(.bf16)
    var plain = Self.map
    plain.weight = packed.weight
    func gradients(_ map: Projection) -> Gradients {
      valueAndGradient(of: map) { $0(Self.input).sum() }.gradients
    }
    let (found, expected) = (gradients(packed), gradients(plain))
    for name in ["weight", "bias"] {
      #expect(try #require(found[name]).values.isIdentical(to: #require(expected[name]).values), "\(name)")
    }
  }

  @Test func aPackedTableGivesRowsAndScores() {
    let table = Embedding(weight: .normal([101, 20], key: RandomKey(seed: 4)), isTrained: true)
    let tokens = PackedTokens([[100, 2, 2, 50], [1]])
    for precision in WeightPrecisionKind.allCases {
      let packed = table.prepared(precision)
      let plain = Embedding(weight: packed.weight, isTrained: true)
      #expect(packed.vocabularySize == 101 && packed.featureCount == 20)
      #expect(packed(tokens).values.isIdentical(to: plain(tokens).values))
      #expect(packed.scores(Self.input).isIdentical(to: matmul(Self.input, plain.weight, transposingRight: true)))
    }
  }
}
