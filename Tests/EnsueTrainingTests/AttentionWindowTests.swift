// Classifiers of attentive blocks whose tokens attend to near ones alone.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct AttentionWindowTests {
  private typealias Subject = StateAttentionSubject
  private static let limits: [(Int?, Int?)] = [(1, nil), (nil, 2), (2, 3)]

  private static func configured(_ window: Int?, _ block: Int?) -> (inout ClassifierConfiguration) -> Void {
    { configuration in
      (configuration.attentionWindow, configuration.attentionBlock) = (window, block)
      (configuration.width, configuration.feedForwardSize, configuration.maximumPositions) = (6, 5, 5)
    }
  }

  private static func mask(_ layout: PairLayout, _ window: Int?, _ block: Int?) -> PairMask {
    PairMask(layout) { _, query, key in
      abs(query - key) <= window ?? query + key && (block.map { query / $0 == key / $0 } ?? true)
    }
  }

  /// The block once more, with attention made of its parts and a mask of pairs.
  @Test(arguments: limits) func aTransformerEqualsMaskedPairs(_ window: Int?, _ block: Int?) throws {
    let model = try #require(
      try Subject.model(.transformer, AttentionWindowTests.configured(window, block)) as? TransformerClassifier
    ).converted(to: .float64)
    let tokens = PackedTokens(Subject.sequences)
    let layer = model.encoder.blocks[0]
    let x = model.input(tokens, .inference)
    let pairs = PairLayout(x.layout)
    let mask = AttentionWindowTests.mask(pairs, window, block)
    let attended = layer.attentionResidual(x, .inference) { rows in
      let maps = layer.attention
      let (q, k, v) = (maps.query(rows.values), maps.key(rows.values), maps.value(rows.values))
      let heads = (0..<3).map { head -> Tensor in
        let columns = head * 2..<(head + 1) * 2
        let dots = pairDots(q.sliced(columns, axis: 1), k.sliced(columns, axis: 1), pairs)
        let weights = pairSoftmax(dots * (1 / 2.0.squareRoot()), pairs, mask: mask)
        return pairWeightedSums(weights, v.sliced(columns, axis: 1), pairs)
      }
      let joined = concatenated(heads)
      return rows.replacingValues(maps.output?(joined) ?? joined)
    }
    let y = layer.feedForwardResidual(attended, .inference) { $0.replacingValues(layer.feedForward($0.values)) }
    let states = model.encoder.finalNorm.map { y.replacingValues($0(y.values)) } ?? y
    let expected = model.output(states.mean()).gathered(tokens.layout.positions)
    let found = model(tokens, .inference)
    let disagreement = Disagreement(found, expected, relative: 1e-12, absolute: 1e-12)
    #expect(disagreement.isSmall, "\(disagreement)")
    let free = try Subject.model(.transformer, AttentionWindowTests.configured(nil, nil)).converted(to: .float64)
    #expect(!Disagreement(found, free(tokens, .inference), relative: 1e-6, absolute: 1e-6).isSmall)
  }

  @Test(arguments: [ClassifierKind.selfAttention, .multiHeadAttention, .transformer])
  func gradientEqualsFiniteDifferencesAndMapsAreZeroOutside(_ kind: ClassifierKind) throws {
    let model = try Subject.model(kind, AttentionWindowTests.configured(1, 3))
    for (parameter, disagreement) in Subject.disagreements(of: model) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
    let sentence = TokenizedSentence(ids: [3, 4, 5, 6, 7], tokens: ["a", "b", "c", "d", "e"])
    let attending = try #require(model as? any AttendingClassifier)
    for map in attending.attentionMaps(of: sentence) {
      for (query, row) in map.weights.enumerated() {
        for (key, weight) in row.enumerated() {
          #expect((weight > 0) == (abs(query - key) <= 1 && query / 3 == key / 3), "\(query) \(key) \(weight)")
        }
      }
    }
  }

  /// What reaches every token changes no bit.
  @Test func aWindowOverEverythingIsNone() throws {
    let tokens = PackedTokens(Subject.sequences)
    let free = try Subject.model(.transformer, AttentionWindowTests.configured(nil, nil))
    let wide = try Subject.model(.transformer, AttentionWindowTests.configured(9, 9))
    #expect(free(tokens, .inference).isIdentical(to: wide(tokens, .inference)))
  }

  @Test func aKernelWithoutPairsAndSizesThatAreNoneAreRefused() throws {
    for change in [{ $0.attentionWindow = 2 }, { $0.attentionBlock = 2 }] as [(inout ClassifierConfiguration) -> Void] {
      let model = Subject.configuration(.multiHeadAttention) {
        $0.attentionKernel = .performer
        change(&$0)
      }
      #expect(throws: Failure.self) { try model.kind.makeClassifier(model, key: RandomKey(seed: 1)) }
      var configuration = ClassificationConfiguration()
      configuration.model = model
      let failure = #expect(throws: Failure.self) {
        try ClassificationConfiguration.settings.refuseUnread(configuration)
      }
      #expect(failure?.place.hasPrefix("model.attention") == true, "\(String(describing: failure))")
    }
    let failure = #expect(throws: Failure.self) {
      _ = try Subject.model(.transformer) { $0.attentionWindow = -1 }
    }
    #expect(failure?.place == "model.attentionWindow")
  }
}
