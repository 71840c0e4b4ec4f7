// Every alignment and distribution function against an independent reference in double precision
// (Tests/Goldens/attention-scores.py).

import EnsueFiles
import EnsueLayers
import EnsueTensor
import EnsueTestSupport
import Testing

/// One alignment function of the golden file.
private struct ScoreGolden: Sendable, CustomTestStringConvertible {
  let name: String
  let configuration: AttentionConfiguration
  var testDescription: String { name }

  static let all: [ScoreGolden] =
    AttentionScoreKind.allCases.map { ScoreGolden(name: $0.rawValue, configuration: configuration($0)) } + [
      ScoreGolden(name: "additive-relu", configuration: configuration(.additive) { $0.activation = .relu })
    ]

  private static func configuration(
    _ kind: AttentionScoreKind, _ change: (inout AttentionConfiguration) -> Void = { _ in }
  ) -> AttentionConfiguration {
    var configuration = AttentionConfiguration(
      score: kind, querySize: kind.needsEqualWidths ? 4 : 5, keySize: 4, hiddenSize: 6, featureCount: 7,
      positionCount: 6, positionFeatureCount: 5)
    if kind == .deep { (configuration.layerCount, configuration.activation) = (3, .sigmoid) }
    change(&configuration)
    return configuration
  }
}

/// One distribution function of the golden file.
private struct DistributionGolden: Sendable, CustomTestStringConvertible {
  let name: String
  let distribution: any AttentionDistribution
  var testDescription: String { name }

  static let all: [DistributionGolden] =
    AttentionDistributionKind.allCases.map {
      DistributionGolden(name: $0.rawValue, distribution: $0.makeDistribution(AttentionConfiguration(querySize: 4)))
    } + [
      DistributionGolden(name: "entmax-1.25", distribution: EntmaxDistribution(alpha: 1.25)),
      DistributionGolden(name: "entmax-2.5", distribution: EntmaxDistribution(alpha: 2.5)),
    ]
}

@Suite struct AttentionScoreGoldens {
  @Test(arguments: ScoreGolden.all) fileprivate func scoreEqualsTheReference(_ golden: ScoreGolden) throws {
    let reader = try SafetensorsReader(TestFiles.golden("attention-scores.safetensors"))
    let score = try AnyAttentionScore(golden.configuration, key: RandomKey(seed: 1)).converted(to: .float64)
      .filled(from: reader, golden.name)
    let prefix = "\(golden.name)/parameter/"
    #expect(Set(score.parameters.map { prefix + $0.name }) == Set(reader.names.filter { $0.hasPrefix(prefix) }))
    let queries = AttentionBatch.queries.packed(try reader.tensor("queries\(golden.configuration.querySize)"))
    let keys = AttentionBatch.keys.packed(try reader.tensor("keys"))
    let scores = score(queries.values, keys.values, AttentionBatch.layout)
    let disagreement = Disagreement(
      pairNumbers(scores, AttentionBatch.layout), try reader.tensor("\(golden.name)/scores").doubles,
      relative: 1e-12, absolute: 1e-12)
    #expect(disagreement.isSmall, "\(disagreement)")
    let single = score.converted(to: .float32)(
      queries.values.converted(to: .float32), keys.values.converted(to: .float32), AttentionBatch.layout)
    let rounded = Disagreement(
      pairNumbers(single, AttentionBatch.layout), try reader.tensor("\(golden.name)/scores").doubles,
      relative: 2e-5, absolute: 2e-6)
    #expect(rounded.isSmall, "in single precision: \(rounded)")
  }

  @Test(arguments: DistributionGolden.all) fileprivate func distributionEqualsTheReference(
    _ golden: DistributionGolden
  ) throws {
    let reader = try SafetensorsReader(TestFiles.golden("attention-scores.safetensors"))
    let allowed = try reader.tensor("allowed").doubles
    let (layout, mask) = (AttentionBatch.layout, AttentionBatch.mask)
    let ones = pairMasked(.ones([layout.pairCount, 1], .float64), layout, mask: mask)
    #expect(pairNumbers(ones, layout) == allowed, "the mask is the reference's")
    let queries = AttentionBatch.queries.packed(try reader.tensor("queries4"))
    let keys = AttentionBatch.keys.packed(try reader.tensor("keys"))
    let values = AttentionBatch.keys.packed(try reader.tensor("values"))
    let scores = try GivenScore(reader.tensor("distribution/scores").doubles)
    let attention = Attention(score: scores, distribution: golden.distribution)
    let output = attention(queries: queries, keys: keys, values: values, mask: mask)
    let prefix = "distribution/\(golden.name)"
    let weights = Disagreement(
      pairNumbers(output.weights, layout), try reader.tensor("\(prefix)/weights").doubles, relative: 1e-12,
      absolute: 1e-13)
    #expect(weights.isSmall, "\(weights)")
    let means = Disagreement(
      AttentionBatch.queries.unpacked(output.values), try reader.tensor("\(prefix)/output"), relative: 1e-12,
      absolute: 1e-12)
    #expect(means.isSmall, "\(means)")
  }
}

/// Scores from a file, in the order of the file: also a user's own alignment function.
private struct GivenScore: AttentionScore {
  let given: [Double]

  init(_ given: [Double]) { self.given = given }

  mutating func visit(_ visitor: inout ParameterVisitor) {}

  func scores(_ queries: Tensor, prepared: Tensor, _ layout: PairLayout) -> Tensor {
    // Where each pair stands in the file: what the numbers 0, 1, … of the pairs are there.
    let numbers = (0..<layout.pairCount).map(Double.init)
    let order = pairNumbers(Tensor(numbers, shape: [numbers.count, 1]), layout)
    var scores = numbers
    for (place, pair) in order.enumerated() { scores[Int(pair)] = given[place] }
    return Tensor(scores, shape: [scores.count, 1])
  }
}
