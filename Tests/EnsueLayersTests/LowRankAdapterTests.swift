// Low-rank adaptation (Hu et al. 2022): nothing at first, the matrix s B A after, the same once merged.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct LowRankAdapterTests {
  private static func configuration() -> TransformerConfiguration {
    var configuration = TransformerConfiguration()
    (configuration.width, configuration.headCount, configuration.feedForwardSize) = (8, 2, 12)
    (configuration.layerCount, configuration.activation, configuration.dropout) = (1, .gelu, 0)
    return configuration
  }

  private static let layout = PackedLayout(lengths: [3, 5, 1])
  private static func input(_ type: ElementType = .float32) -> PackedSequence {
    PackedSequence(
      layout: layout, values: .normal([layout.rowCount, 8], key: RandomKey(seed: 2)).converted(to: type))
  }

  private static func block(_ places: [AdapterPlaceKind], isTrained: Bool) -> TransformerEncoderBlock {
    var block = TransformerEncoderBlock(configuration(), key: RandomKey(seed: 1))
    block.addAdapters(places, rank: 2, alpha: 6, key: RandomKey(seed: 4))
    if isTrained {
      block.forEachParameter { name, tensor, training in
        if training != .none {
          tensor = tensor + .normal(tensor.shape, deviation: 0.3, key: RandomKey(seed: 6).derived(name))
        }
      }
    }
    return block
  }

  @Test(arguments: AdapterPlaceKind.allCases) func nothingChangesAtFirst(_ place: AdapterPlaceKind) {
    let plain = TransformerEncoderBlock(LowRankAdapterTests.configuration(), key: RandomKey(seed: 1))
    let adapted = LowRankAdapterTests.block([place], isTrained: false)
    let input = LowRankAdapterTests.input()
    #expect(adapted(input).values.isIdentical(to: plain(input).values))
    #expect(adapted.parameterCount == plain.parameterCount + 2 * (place == .inner || place == .outer ? 20 : 16))
  }

  @Test(arguments: AdapterPlaceKind.allCases) func onlyTheAdapterOfAMapIsTrained(_ place: AdapterPlaceKind) {
    let block = LowRankAdapterTests.block([place], isTrained: true)
    let frozen = block.parameters.filter { $0.training == .none }.map(\.name)
    #expect(frozen.count == 2)
    let adapters = block.parameters.filter { $0.name.contains("adapter") }
    #expect(
      adapters.map { $0.name.split(separator: ".").suffix(2).joined(separator: ".") } == ["adapter.down", "adapter.up"])
    let (_, gradients) = valueAndGradient(of: block) { ($0(LowRankAdapterTests.input()).values * 0.5).sum() }
    for name in frozen { #expect(gradients[name] == nil) }
  }

  @Test func gradientEqualsFiniteDifferences() {
    let block = LowRankAdapterTests.block(AdapterPlaceKind.allCases, isTrained: true)
    let input = LowRankAdapterTests.input(.float64)
    for (name, found) in gradientDisagreements(
      of: block,
      loss: { block in
        let y = block(input).values
        return (y * y * y).sum()
      })
    {
      #expect(found.isSmall, "\(name): \(found)")
    }
  }

  @Test(arguments: AdapterPlaceKind.allCases.map { [$0] } + [AdapterPlaceKind.usual, AdapterPlaceKind.allCases])
  func mergedIsUnmerged(_ places: [AdapterPlaceKind]) {
    let block = LowRankAdapterTests.block(places, isTrained: true).converted(to: .float64)
    let input = LowRankAdapterTests.input(.float64)
    var merged = block
    merged.mergeAdapters()
    let plain = TransformerEncoderBlock(LowRankAdapterTests.configuration(), key: RandomKey(seed: 1))
    #expect(merged.parameters.map(\.name) == plain.parameters.map(\.name))
    #expect(merged.parameters.allSatisfy { $0.training == .all })
    let found = Disagreement(merged(input).values, block(input).values, relative: 1e-11, absolute: 1e-12)
    #expect(found.isSmall, "\(found)")
    // The adapters say something, or the test would be empty.
    #expect(!Disagreement(plain.converted(to: .float64)(input).values, block(input).values).isSmall)
    let prepared = Disagreement(block.prepared()(input).values, block(input).values, relative: 1e-11, absolute: 1e-12)
    #expect(prepared.isSmall, "\(prepared)")
  }

  @Test func theProductIsScaledByAlphaOverRank() {
    var adapter = LowRankAdapter(inputSize: 3, outputSize: 2, rank: 2, alpha: 5, key: RandomKey(seed: 0))
    (adapter.down, adapter.up) = (
      Tensor([1, 2, 3, 0, 1, 0] as [Float], shape: [2, 3]), Tensor([1, 0, 0, 2] as [Float], shape: [2, 2])
    )
    #expect(adapter.product.floats == [2.5, 5, 7.5, 0, 5, 0])
    #expect(adapter(Tensor([1, 1, 1] as [Float], shape: [1, 3])).floats == [15, 5])
  }
}
