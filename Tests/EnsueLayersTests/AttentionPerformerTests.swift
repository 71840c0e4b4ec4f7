// Performer's random features: what they are, how near they come to softmax attention, how their time grows.

import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct AttentionPerformerTests {
  private let size = 8

  private func sequence(_ lengths: [Int], _ name: String, _ type: ElementType = .float64) -> PackedSequence {
    let layout = PackedLayout(lengths: lengths)
    return PackedSequence(
      layout: layout,
      values: .normal([layout.rowCount, size], deviation: 0.5, key: RandomKey(seed: 6).derived(name), type))
  }

  @Test func featuresAreOrthogonalInBlocksAndAsLongAsNormalVectors() {
    let features = OrthogonalRandomFeatures(size: size, featureCount: 2 * size + 3, key: RandomKey(seed: 1))
    #expect(features.projection.shape == [19, 8] && features.parameters.map(\.training) == [.none])
    let products = matmul(features.projection, features.projection, transposingRight: true).doubles
    for row in 0..<19 {
      for other in 0..<row {
        let product = products[row * 19 + other]
        if row / size == other / size { #expect(abs(product) < 1e-4) } else { #expect(abs(product) > 1e-4) }
      }
    }
    let many = OrthogonalRandomFeatures(size: size, featureCount: 4000, key: RandomKey(seed: 2)).projection
    // ‖ω‖² has mean d and variance 2 d.
    let mean = square(many).sum(axis: -1).mean().scalar
    #expect(abs(mean - 8) < 4 * (16.0 / 4000).squareRoot())
  }

  /// The mean error over draws of the features, for each number of features.
  private func errors(_ counts: [Int], isCausal: Bool) -> [Double] {
    let (queries, keys, values) = (sequence([40, 25], "q"), sequence([40, 25], "k"), sequence([40, 25], "v"))
    let exact = Attention(AttentionConfiguration(querySize: size), key: RandomKey(seed: 0))
    let mask = isCausal ? PairMask.causal(PairLayout(queries.layout)) : nil
    let expected = exact(queries: queries, keys: keys, values: values, mask: mask).values
    return counts.map { count in
      let ofDraws = (0..<32).map { seed -> Double in
        let performer = PerformerAttention(size: size, featureCount: count, key: RandomKey(seed: UInt64(seed)))
          .converted(to: .float64)
        let found = performer(queries: queries, keys: keys, values: values, isCausal: isCausal)
        return square(found.values - expected).mean().scalar.squareRoot()
      }
      return ofDraws.reduce(0, +) / Double(ofDraws.count)
    }
  }

  @Test(arguments: [false, true]) func moreFeaturesComeNearerToSoftmax(_ isCausal: Bool) {
    let found = errors([16, 64, 256, 1024], isCausal: isCausal)
    print("Performer, causal \(isCausal): error with 16, 64, 256, 1024 features: \(found)")
    // Four times the features halve the error, but for the luck of the draws.
    for (more, fewer) in zip(found.dropFirst(), found) { #expect(more < 0.8 * fewer) }
    #expect(found[3] < 0.2 * found[0])
  }

  /// Softmax over the pairwise score is the same function as the one without pairs.
  @Test func thePairwiseScoreGivesTheSame() {
    let (queries, keys, values) = (sequence([5, 2], "q"), sequence([3, 4], "k"), sequence([3, 4], "v"))
    let performer = PerformerAttention(size: size, featureCount: 32, key: RandomKey(seed: 3)).converted(to: .float64)
    var score = GeneralizedKernelScore(size: size, featureCount: 32, key: RandomKey(seed: 4)).converted(to: .float64)
    score.features = performer.features
    let pairwise = Attention(score: score, distribution: SoftmaxDistribution())
    let disagreement = Disagreement(
      performer(queries: queries, keys: keys, values: values).values,
      pairwise(queries: queries, keys: keys, values: values).values)
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  @Test(arguments: [false, true]) func timeGrowsLinearlyWithTheLength(_ isCausal: Bool) {
    let performer = PerformerAttention(size: 64, featureCount: 128, key: RandomKey(seed: 5))
    let clock = ContinuousClock()
    let lengths = [256, 512, 1024, 2048, 4096]
    func time(_ length: Int) -> Double {
      let layout = PackedLayout(lengths: [length])
      let input = PackedSequence(layout: layout, values: .normal([length, 64], key: RandomKey(seed: 7)))
      let system = AttentionSystem(part: performer, inputs: TensorList([input.values]))
      return clock.measure {
        _ = valueAndGradient(of: system) {
          let own = PackedSequence(layout: layout, values: $0.inputs.tensors[0])
          return $0.part(queries: own, keys: own, values: own, isCausal: isCausal).values.mean()
        }
      } / .milliseconds(1)
    }
    // The shortest of some passes: a busy machine makes passes longer, and none shorter. 16 times the length take 16
    // times the time; n^1.5 would be 64 times, pairs 256.
    let limit = 32.0
    var times = lengths.map(time)
    for pass in 1..<40 where pass < 5 || times[4] >= limit * times[0] {
      for (index, length) in lengths.enumerated() { times[index] = min(times[index], time(length)) }
    }
    print("Performer, causal \(isCausal), forward and backward in ms at lengths \(lengths): \(times)")
    #expect(times[4] < limit * times[0])
  }
}
