// Transformers whose attention takes linear time, as classifiers.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct PerformerClassifierTests {
  private typealias Subject = StateAttentionSubject

  private static func model(
    _ change: (inout ClassifierConfiguration) -> Void = { _ in }
  ) throws -> PerformerClassifier {
    let model = try Subject.model(.transformer) {
      ($0.attentionKernel, $0.randomFeatureCount, $0.width, $0.layerCount) = (.performer, 5, 6, 2)
      $0.maximumPositions = 5
      change(&$0)
    }
    return try #require(model as? PerformerClassifier)
  }

  @Test(arguments: [PositionKind.learned, .rotary]) func gradientEqualsFiniteDifferences(_ positions: PositionKind)
    throws
  {
    let model = try PerformerClassifierTests.model { ($0.positions, $0.feedForwardSize) = (positions, 5) }
    for (parameter, disagreement) in Subject.disagreements(of: model) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
  }

  @Test func aSentenceAloneEqualsItInABatch() throws {
    let model = try PerformerClassifierTests.model()
    let all = model(PackedTokens(Subject.sequences), .inference)
    for (row, sequence) in Subject.sequences.enumerated() {
      #expect(model(PackedTokens([sequence]), .inference).isIdentical(to: all.sliced(row..<row + 1, axis: 0)))
    }
  }

  /// One sequence from the parameters alone, with loops: a_ij ∝ Σ_m exp(ω_m·q' - ‖q'‖²/2) exp(ω_m·k' - ‖k'‖²/2).
  @Test func headsAreTheFormulas() throws {
    let attention = try PerformerClassifierTests.model().converted(to: .float64).encoder.blocks[0].attention
    let (rows, size) = (4, 2)
    let x = PackedSequence(
      layout: PackedLayout(lengths: [rows]), values: .normal([rows, 6], key: RandomKey(seed: 8), .float64))
    func heads(_ tensor: Tensor) -> [[Double]] {
      let values = tensor.doubles
      return (0..<3 * rows).map { place in
        let start = place % rows * 6 + place / rows * size
        return Array(values[start..<start + size])
      }
    }
    let projection = attention.performer.features.projection.doubles
    func features(_ vector: [Double]) -> [Double] {
      let scaled = vector.map { $0 / Double(size).squareRoot().squareRoot() }
      let half = scaled.reduce(0) { $0 + $1 * $1 } / 2
      let exponents = (0..<5).map { m in projection[m * 2] * scaled[0] + projection[m * 2 + 1] * scaled[1] - half }
      return exp(Tensor(exponents, shape: [5])).doubles
    }
    let maps = attention.maps
    let (queries, keys) = (heads(maps.query(x.values)).map(features), heads(maps.key(x.values)).map(features))
    let values = heads(maps.value(x.values))
    var joined = [Double](repeating: 0, count: rows * 6)
    for head in 0..<3 {
      for query in 0..<rows {
        let weights = (0..<rows).map { key in
          zip(queries[head * rows + query], keys[head * rows + key]).reduce(0) { $0 + $1.0 * $1.1 }
        }
        for feature in 0..<size {
          let sum = (0..<rows).reduce(0.0) { $0 + weights[$1] * values[head * rows + $1][feature] }
          joined[query * 6 + head * size + feature] = sum / weights.reduce(0, +)
        }
      }
    }
    let output = try #require(maps.output)
    let disagreement = Disagreement(attention(x).values, output(Tensor(joined, shape: [rows, 6])))
    #expect(disagreement.isSmall, "\(disagreement)")
  }

  /// The names of a softmax Transformer's weights, and the features of each block.
  @Test func weightsAreTheTransformersAndTheFeatures() throws {
    let names = try PerformerClassifierTests.model().parameters.map(\.name)
    let softmax = try Subject.model(.transformer) { ($0.width, $0.layerCount) = (6, 2) }.parameters.map(\.name)
    let features = (0..<2).map { "encoder.blocks.\($0).attention.performer.features.projection" }
    #expect(Set(names) == Set(softmax + features) && names.count == softmax.count + 2)
  }

  /// The laboratory's blocks have the kernel too: the same weights and the features of each block.
  @Test(arguments: [ClassifierKind.selfAttention, .multiHeadAttention]) func blocksWithoutAStackHaveIt(
    _ kind: ClassifierKind
  ) throws {
    let model = try Subject.model(kind) {
      ($0.attentionKernel, $0.randomFeatureCount, $0.layerCount) = (.performer, 5, 1)
      ($0.maximumPositions, $0.feedForwardSize) = (5, 4)
    }
    for (parameter, disagreement) in Subject.disagreements(of: model) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
    let plain = try Subject.model(kind) { $0.layerCount = 1 }
    let softmax = plain.parameters.map(\.name)
    let features = "blocks.0.attention.performer.features.projection"
    #expect(Set(model.parameters.map(\.name)) == Set(softmax + [features]))
    #expect(!(model is any AttendingClassifier) && plain is any AttendingClassifier)
  }

  @Test(arguments: [ClassifierKind.transformer, .selfAttention, .multiHeadAttention])
  func theLeastNumberOfWeightsIsNoMoreThanThereAre(_ kind: ClassifierKind) throws {
    let configuration = Subject.configuration(kind) {
      ($0.attentionKernel, $0.randomFeatureCount, $0.width) = (.performer, 4096, 6)
      $0.maximumPositions = 5
    }
    let model = try kind.makeClassifier(configuration, key: RandomKey(seed: 1))
    let count = Double(model.parameterCount)
    #expect(configuration.leastWeightCount <= count && configuration.leastWeightCount > 0.8 * count)
    #expect(!configuration.hasAttention)
  }

  @Test func settingsThatNothingReadsAreSaid() {
    var configuration = ClassificationConfiguration()
    configuration.model.kind = .transformer
    configuration.model.randomFeatureCount = 64
    func notes() -> [String] { ClassificationConfiguration.settings.unreadNotes(configuration) }
    #expect(notes().contains { $0.hasPrefix("--random-features ") })
    configuration.model.attentionKernel = .performer
    configuration.model.attentionDropout = 0.1
    #expect(notes().contains { $0.hasPrefix("--attention-dropout ") } && notes().count == 1)
    configuration.model.kind = .bilstm
    #expect(notes().contains { $0.hasPrefix("--attention-kernel ") })
  }
}
