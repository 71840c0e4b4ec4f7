// What attention is told, and what is refused.

import EnsueFiles
import EnsueLayers
import EnsueTensor
import Testing

@Suite struct AttentionConfigurationTests {
  @Test func namesAreWhatOneTypes() {
    #expect(
      AttentionScoreKind.allCases.map(\.rawValue) == [
        "cosine", "dot", "scaled-dot", "general", "biased-general", "activated-general", "generalized-kernel",
        "additive", "deep", "location", "feature-based",
      ])
    #expect(
      AttentionDistributionKind.allCases.map(\.rawValue) == ["softmax", "sigmoid", "sparsemax", "entmax", "coda"])
  }

  @Test(arguments: AttentionScoreKind.allCases) func unequalWidthsAreRefusedWhereTheyCannotBe(
    _ kind: AttentionScoreKind
  ) {
    let configuration = AttentionConfiguration(score: kind, querySize: 5, keySize: 4)
    if kind.needsEqualWidths {
      let failure = #expect(throws: Failure.self) { try configuration.validate() }
      #expect(failure?.kind == .configuration && failure?.description.contains("found 5 and 4") == true)
      #expect(failure?.description.contains(kind.rawValue) == true)
    } else {
      #expect(throws: Never.self) { try configuration.validate() }
      let failure = #expect(throws: Failure.self) {
        try AttentionConfiguration(score: kind, distribution: .coda, querySize: 5, keySize: 4).validate()
      }
      #expect(failure?.description.contains("coda") == true)
    }
  }

  @Test func valuesOutOfRangeAreRefused() {
    let changes: [(String, (inout AttentionConfiguration) -> Void)] = [
      ("query size", { $0.querySize = 0 }), ("key size", { $0.keySize = -1 }), ("hidden size", { $0.hiddenSize = 0 }),
      ("layer count", { $0.layerCount = 0 }), ("feature count", { $0.featureCount = 0 }),
      ("position count", { $0.positionCount = 0 }), ("position feature count", { $0.positionFeatureCount = 0 }),
      ("alpha", { $0.alpha = 0.99 }), ("alpha", { $0.alpha = .nan }), ("alpha", { $0.alpha = .infinity }),
      ("1 to 64", { $0.alpha = 64.5 }),
    ]
    for (word, change) in changes {
      var configuration = AttentionConfiguration(querySize: 4)
      change(&configuration)
      let failure = #expect(throws: Failure.self) { try configuration.validate() }
      #expect(failure?.description.contains(word) == true, "\(word)")
    }
  }

  @Test func aZeroVectorHasNoAngle() {
    let layout = PairLayout(PackedLayout(lengths: [2]))
    let rows = Tensor([0, 0, 3, 4] as [Float], shape: [2, 2])
    let cosines = pairNumbers(CosineScore()(rows, rows, layout), layout)
    #expect(cosines[..<3].allSatisfy { $0 == 0 } && abs(cosines[3] - 1) < 1e-6)
  }

  /// Exponents far outside the numbers' range are taken out before the exponential.
  @Test func theKernelOfLargeVectorsIsFinite() {
    let layout = PairLayout(PackedLayout(lengths: [3]))
    let rows = Tensor([30, -20, 10, 5, 0, -40] as [Float], shape: [3, 2])
    let score = GeneralizedKernelScore(size: 2, featureCount: 64, key: RandomKey(seed: 2))
    #expect(score(rows, rows, layout).isFinite)
    let sequence = PackedSequence(layout: layout.queries, values: rows)
    let performer = PerformerAttention(size: 2, featureCount: 64, key: RandomKey(seed: 2))
    #expect(performer(queries: sequence, keys: sequence, values: sequence).values.isFinite)
    #expect(performer(queries: sequence, keys: sequence, values: sequence, isCausal: true).values.isFinite)
  }

  /// Location-based attention leaves out the steps that its matrix has no row for, whatever the mask.
  @Test func laterStepsHaveNoPartInLocationBasedAttention() {
    let layout = PackedLayout(lengths: [6, 2])
    let rows = PackedSequence(layout: layout, values: .normal([8, 3], key: RandomKey(seed: 1)))
    let configuration = AttentionConfiguration(score: .location, querySize: 3, positionCount: 4)
    let attention = Attention(configuration, key: RandomKey(seed: 2))
    for mask in [nil, PairMask(PairLayout(layout)) { $2 != 1 || $0 == 1 }] {
      let output = attention(queries: rows, keys: rows, values: rows, mask: mask)
      for weights in output.alignment(of: 0) {
        #expect(weights[4...].allSatisfy { $0 == 0 } && weights[0] > 0 && (weights[1] == 0) == (mask != nil))
        #expect(abs(weights.reduce(0, +) - 1) < 1e-6)
      }
      #expect(output.alignment(of: 1).allSatisfy { $0.allSatisfy { $0 > 0 } })
    }
  }

  @Test func entmaxAlphaComesFromTheConfiguration() {
    let layout = PairLayout(PackedLayout(lengths: [3]))
    let rows = Tensor.normal([3, 2], deviation: 2, key: RandomKey(seed: 3), .float64)
    func weights(_ alpha: Double, _ kind: AttentionDistributionKind = .entmax) -> [Double] {
      let configuration = AttentionConfiguration(score: .dot, distribution: kind, querySize: 2, alpha: alpha)
      let sequence = PackedSequence(layout: layout.queries, values: rows)
      let attention = Attention(configuration, key: RandomKey(seed: 1))
      return attention(queries: sequence, keys: sequence, values: sequence).weights.doubles
    }
    func difference(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? 0 }
    #expect(difference(weights(1), weights(7, .softmax)) < 1e-12)
    #expect(difference(weights(2), weights(7, .sparsemax)) < 1e-12)
    #expect(difference(weights(1.5), weights(2)) > 1e-3)
  }
}
