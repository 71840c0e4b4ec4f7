// What holds for every family of pre-trained encoders and every head.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct PretrainedLawTests {
  /// A model of a family in small: one layer more than ALBERT's one block.
  private func small(
    _ family: EncoderFamilyKind, _ head: EncoderHeadKind, _ change: (inout EncoderConfiguration) -> Void = { _ in }
  ) throws -> EncoderModel {
    var configuration = EncoderConfiguration(family)
    (configuration.vocabularySize, configuration.maximumPositions) = (11, 9)
    (configuration.width, configuration.headCount, configuration.layerCount) = (6, 2, 2)
    (configuration.feedForwardSize, configuration.embeddingSize) = (5, 6)
    switch family {
    case .albert, .electra: configuration.embeddingSize = 4
    case .bert, .roberta, .xlmRoberta, .distilbert: break
    }
    change(&configuration)
    return try EncoderModel(
      configuration, head: head, outputCount: 3, pooling: .init(.mean, normalizes: true), key: RandomKey(seed: 5))
  }

  private static let sequences: [[Int32]] = [[2, 7, 3], [4, 4, 9, 10, 3, 2, 5], [5]]

  /// Types that the family has.
  private func input(_ family: EncoderFamilyKind, _ sequences: [[Int32]] = Self.sequences) -> EncoderInput {
    let hasTypes = EncoderConfiguration(family).typeCount > 1
    return EncoderInput(sequences, types: sequences.map { $0.indices.map { hasTypes && $0 > 1 ? 1 : 0 } })
  }

  @Test(arguments: EncoderFamilyKind.allCases, EncoderHeadKind.allCases)
  func aSequenceAloneHasTheBitsOfTheBatch(_ family: EncoderFamilyKind, _ head: EncoderHeadKind) throws {
    let model = try small(family, head)
    let together = try model(input(family))
    let layout = input(family).tokens.layout
    for (index, sequence) in Self.sequences.enumerated() {
      let alone = try model(input(family, [sequence]))
      let position = layout.order.firstIndex(of: index) ?? 0
      let rows =
        switch head {
        case .classification, .embedding: [Int32(index)]
        case .tagging: sequence.indices.map { Int32(layout.row(step: $0, position: position)) }
        }
      #expect(alone.isIdentical(to: together.gathered(rows)), "\(family) \(head) \(index)")
    }
  }

  /// Every family, and every head.
  private static let differentiated =
    EncoderFamilyKind.allCases.map { ($0, EncoderHeadKind.classification) } + [
      (.bert, .tagging), (.albert, .embedding),
    ]

  @Test(arguments: differentiated)
  func gradientsAreThoseOfFiniteDifferences(_ family: EncoderFamilyKind, _ head: EncoderHeadKind) throws {
    let model = try small(family, head) { $0.epsilon = 1e-3 }
    let input = input(family)
    let count = head == .tagging ? input.tokens.ids.count : Self.sequences.count
    // Norms of such small embeddings bend within a step of the usual size.
    let disagreements = gradientDisagreements(of: model, step: 1e-6, relative: 1e-5, absolute: 1e-7) { model in
      let outputs = try? model(input)
      #expect(outputs != nil)
      return crossEntropy(logits: (outputs ?? .zeros([count, 3], .float64)) * 20, targets: (0..<count).map { $0 % 3 })
    }
    #expect(disagreements.count == model.parameters.count)
    for (parameter, disagreement) in disagreements {
      #expect(disagreement.isSmall, "\(family) \(head) \(parameter): \(disagreement)")
    }
  }

  @Test(arguments: EncoderFamilyKind.allCases) func dropoutActsWhereItIsAsked(_ family: EncoderFamilyKind) throws {
    func outputs(_ head: EncoderHeadKind, _ rates: (Double, Double, Double), isTrained: Bool) throws -> Tensor {
      let model = try small(family, head) {
        ($0.dropout, $0.attentionDropout, $0.classifierDropout) = rates
      }
      return try model(input(family), isTrained ? .training(RandomKey(seed: 3)) : .inference)
    }
    for head in [EncoderHeadKind.classification, .tagging] {
      let still = try outputs(head, (0.5, 0.5, 0.5), isTrained: false)
      #expect(try outputs(head, (0, 0, 0), isTrained: true).isIdentical(to: still))
      #expect(try !outputs(head, (0.5, 0, 0), isTrained: true).isIdentical(to: still))
      #expect(try !outputs(head, (0, 0.5, 0), isTrained: true).isIdentical(to: still))
      // DistilBERT drops what it tags as it drops a block's outputs.
      let isHeads = !(family == .distilbert && head == .tagging)
      #expect(try outputs(head, (0, 0, 0.5), isTrained: true).isIdentical(to: still) == !isHeads)
    }
    // ALBERT's feed-forward sub-layer is not dropped, all others' are.
    let block = try small(family, .classification) { $0.dropout = 0.5 }.encoder.blocks[0]
    let x = PackedSequence(layout: PackedLayout(lengths: [4]), values: .normal([4, 6], key: RandomKey(seed: 1)))
    let dropped = block.feedForwardResidual(x, .training(RandomKey(seed: 2))) { $0 }.values
    #expect(dropped.isIdentical(to: block.feedForwardResidual(x, .inference) { $0 }.values) == (family == .albert))
  }

  @Test(arguments: EncoderFamilyKind.allCases) func whatHasNoVectorIsRefused(_ family: EncoderFamilyKind) throws {
    let model = try small(family, .classification)
    let longest = family == .roberta || family == .xlmRoberta ? 7 : 9
    #expect(model.encoder.configuration.maximumLength == longest)
    _ = try model(EncoderInput([[Int32](repeating: 3, count: longest)]))
    var refused = [
      EncoderInput([[Int32](repeating: 3, count: longest + 1)]), EncoderInput([[11]]), EncoderInput([[-1]]),
    ]
    if family != .distilbert { refused.append(EncoderInput([[3, 4]], types: [[0, 2]])) }
    for input in refused {
      let failure = try #require(throws: Failure.self) { try model(input) }
      #expect(failure.kind == .data && !failure.description.contains("\n"))
      #expect(throws: Failure.self) { try model.encoder.hiddenStates(input) }
    }
  }
}

@Suite struct PretrainedNameTests {
  private func names(_ family: EncoderFamilyKind, _ head: EncoderHeadKind?) throws -> WeightNames {
    WeightNames(family, head: head, layerCount: try PretrainedGolden(family).configuration.layerCount)
  }

  /// Own names to the Hub's and back, one to one, for all weights of every family and head.
  @Test(arguments: EncoderFamilyKind.allCases) func namesAreABijection(_ family: EncoderFamilyKind) throws {
    let golden = try PretrainedGolden(family)
    for head in EncoderHeadKind.allCases {
      let model = try EncoderModel(golden.configuration, head: head, outputCount: 3, key: RandomKey(seed: 0))
      try check(model.parameters.map(\.name), names(family, head))
    }
    let encoder = try PretrainedEncoder(golden.configuration, key: RandomKey(seed: 0))
    try check(encoder.parameters.map(\.name), names(family, nil))
  }

  private func check(_ own: [String], _ names: WeightNames) throws {
    let hub = try own.map { try #require(names.hub($0), "\($0)") }
    #expect(Set(hub).count == own.count)
    #expect(hub.map { names.own($0) } == own)
    #expect(!hub.contains { names.isIgnored($0) })
  }

  /// What transformers wrote is what it is given back.
  @Test(arguments: EncoderFamilyKind.allCases) func namesAreTransformers(_ family: EncoderFamilyKind) throws {
    let golden = try PretrainedGolden(family)
    let file = try SafetensorsReader(PretrainedGolden.path(family, "model")).names
    let names = try names(family, .classification)
    #expect(Set(try golden.model().parameters.map { names.hub($0.name) }) == Set(file))
  }

  @Test func otherFormsOfNamesAreRead() throws {
    let names = try names(.bert, .classification)
    #expect(names.own("embeddings.LayerNorm.gamma") == "encoder.embeddings.norm.scale")
    #expect(names.own("bert.encoder.layer.1.output.LayerNorm.beta") == "encoder.blocks.1.feedForwardNorm.shift")
    #expect(names.own("pooler.dense.weight") == "head.dense.weight")
    #expect(names.own("bert.encoder.layer.2.output.dense.weight") == nil)
    #expect(names.hub("head.dense.weight") == "bert.pooler.dense.weight")
    let bare = try self.names(.bert, nil)
    #expect(bare.hub("blocks.0.attention.query.weight") == "encoder.layer.0.attention.self.query.weight")
    #expect(bare.own("bert.encoder.layer.0.attention.self.query.weight") == "blocks.0.attention.query.weight")
    for name in ["bert.embeddings.position_ids", "cls.predictions.bias", "bert.pooler.dense.bias", "classifier.weight"]
    {
      #expect(bare.isIgnored(name) && bare.own(name) == nil, "\(name)")
    }
    #expect(!bare.isIgnored("bert.encoder.layer.7.output.dense.weight") && !bare.isIgnored("made.up"))
    #expect(!names.isIgnored("bert.pooler.dense.bias") && !names.isIgnored("classifier.weight"))
    #expect(try self.names(.roberta, .classification).isIgnored("lm_head.dense.weight"))
  }
}
