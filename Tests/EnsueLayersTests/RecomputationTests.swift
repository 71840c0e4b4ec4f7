// Gradient checkpointing: the same bits, less memory (Chen et al. 2016).

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Synchronization
import Testing

/// Blocks one above another, with dropout everywhere.
private struct Stack: Module {
  var blocks: [TransformerEncoderBlock]

  init(_ configuration: TransformerConfiguration, _ memory: ActivationMemoryKind) {
    blocks = (0..<configuration.layerCount).map {
      TransformerEncoderBlock(configuration, key: RandomKey(seed: 3).derived($0))
    }
    for index in blocks.indices { blocks[index].memory = memory }
  }

  mutating func visit(_ visitor: inout ParameterVisitor) {
    for index in blocks.indices { visitor.module("blocks.\(index)", &blocks[index]) }
  }

  func loss(_ input: PackedSequence, _ phase: Phase, shares: Bool = false) -> Tensor {
    var x = input
    for index in 0..<3 { x = blocks[shares ? 0 : index](x, phase.derived(index)) }
    return (x.values * x.values * x.values).sum()
  }
}

/// How often something ran.
private final class Counter: Sendable {
  let count = Atomic<Int>(0)
}

@Suite struct RecomputationTests {
  private static func configuration(_ norm: NormPlacementKind) -> TransformerConfiguration {
    var configuration = TransformerConfiguration()
    (configuration.width, configuration.headCount, configuration.feedForwardSize) = (12, 3, 20)
    (configuration.layerCount, configuration.norm, configuration.activation) = (3, norm, .gelu)
    (configuration.dropout, configuration.attentionDropout, configuration.feedForwardDropout) = (0.2, 0.1, 0.3)
    return configuration
  }

  private static let layout = PackedLayout(lengths: [4, 1, 7, 3])
  private static var input: PackedSequence {
    PackedSequence(layout: layout, values: .normal([layout.rowCount, 12], key: RandomKey(seed: 9)))
  }

  @Test(arguments: NormPlacementKind.allCases, [false, true])
  func gradientsAreTheSameBits(_ norm: NormPlacementKind, shares: Bool) {
    let phase = Phase.training(RandomKey(seed: 17))
    func found(_ memory: ActivationMemoryKind) -> (value: Tensor, gradients: Gradients) {
      valueAndGradient(of: Stack(RecomputationTests.configuration(norm), memory)) {
        $0.loss(RecomputationTests.input, phase, shares: shares)
      }
    }
    let (kept, again) = (found(.kept), found(.recomputed))
    #expect(kept.value.isIdentical(to: again.value))
    #expect(kept.gradients.names == again.gradients.names)
    for name in kept.gradients.names {
      guard let mine = kept.gradients[name]?.dense, let other = again.gradients[name]?.dense else { continue }
      #expect(mine.isIdentical(to: other), "\(name)")
    }
    #expect(kept.gradients.names.count == (shares ? 1 : 3) * (norm == .none ? 12 : 16))
  }

  /// The same bits would be there if nothing were made again.
  @Test(arguments: ActivationMemoryKind.allCases) func theBackwardPassRunsThePartAgain(_ memory: ActivationMemoryKind) {
    let runs = Counter()
    let x = RecomputationTests.input.values
    _ = valueAndGradient(of: LayerNorm(featureCount: 12)) { norm in
      memory.run(norm, x) { part, x in
        runs.count.add(1, ordering: .relaxed)
        return part(x)
      }.sum()
    }
    #expect(runs.count.load(ordering: .relaxed) == (memory == .kept ? 1 : 2))
  }

  @Test func gradientsEqualFiniteDifferences() {
    let sequence = RecomputationTests.input
    let input = PackedSequence(layout: sequence.layout, values: sequence.values.converted(to: .float64))
    for (name, found) in gradientDisagreements(
      of: Stack(RecomputationTests.configuration(.post), .recomputed),
      loss: { $0.loss(input, .training(RandomKey(seed: 5))) })
    {
      #expect(found.isSmall, "\(name): \(found)")
    }
  }

  @Test func theGradientReachesTheInput() {
    let stack = Stack(RecomputationTests.configuration(.pre), .recomputed)
    let input = RecomputationTests.input
    let gradients = valueAndGradient(of: TensorList([input.values])) {
      stack.loss(PackedSequence(layout: input.layout, values: $0.tensors[0]), .inference)
    }.gradients
    let kept = Stack(RecomputationTests.configuration(.pre), .kept)
    let expected = valueAndGradient(of: TensorList([input.values])) {
      kept.loss(PackedSequence(layout: input.layout, values: $0.tensors[0]), .inference)
    }.gradients
    #expect(gradients["input0"]?.dense.isIdentical(to: expected["input0"]?.dense ?? .zeros([1])) == true)
  }

  @Test func inferenceKeepsNothingEither() {
    let stack = Stack(RecomputationTests.configuration(.post), .recomputed)
    let output = stack.blocks[0](RecomputationTests.input)
    #expect(!output.values.isTracked)
    let kept = Stack(RecomputationTests.configuration(.post), .kept)
    #expect(output.values.isIdentical(to: kept.blocks[0](RecomputationTests.input).values))
  }
}
