// Attention over the states of recurrent classifiers, with every score and distribution, and the hierarchical
// classifier of documents.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTasks
import EnsueTensor
import EnsueTestSupport
import Testing

/// Sentences and a classifier over them that pools states by attention.
struct StateAttentionSubject {
  static let sequences: [[Int32]] = [[3, 4, 5, 6, 7], [8], [2, 9, 2], [5, 5]]
  static let labels = [0, 1, 1, 0]

  static func configuration(
    _ kind: ClassifierKind = .bigru, _ change: (inout ClassifierConfiguration) -> Void = { _ in }
  ) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.embeddingSize) = (kind, 12, 3)
    (configuration.hiddenSize, configuration.pooling, configuration.headCount) = (2, .attention, 3)
    change(&configuration)
    return configuration
  }

  static func model(
    _ kind: ClassifierKind = .bigru, _ change: (inout ClassifierConfiguration) -> Void = { _ in }
  ) throws -> any TextClassifier {
    try kind.makeClassifier(configuration(kind, change), key: RandomKey(seed: 3))
  }

  /// The disagreements of a classifier's gradient with finite differences.
  static func disagreements(
    of model: some TextClassifier, _ sequences: [[Int32]] = sequences
  ) -> [(parameter: String, disagreement: Disagreement)] {
    gradientDisagreements(of: model) { model in
      crossEntropy(logits: model(PackedTokens(sequences), .inference), targets: labels)
    }
  }
}

@Suite struct StateAttentionTests {
  private typealias Subject = StateAttentionSubject

  @Test(arguments: AttentionScoreKind.allCases) func gradientOfEveryScoreEqualsFiniteDifferences(
    _ score: AttentionScoreKind
  ) throws {
    let model = try Subject.model { $0.attentionScore = score }
    for (parameter, disagreement) in Subject.disagreements(of: model) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
  }

  @Test(arguments: AttentionDistributionKind.allCases, [nil, .general] as [AttentionScoreKind?])
  func gradientOfEveryDistributionEqualsFiniteDifferences(
    _ distribution: AttentionDistributionKind, _ score: AttentionScoreKind?
  ) throws {
    let model = try Subject.model { ($0.attentionDistribution, $0.attentionScore) = (distribution, score) }
    for (parameter, disagreement) in Subject.disagreements(of: model) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
  }

  /// Bundles written before scores could be chosen: the same names, the same bits.
  @Test func withoutAScoreItIsTheContextVector() throws {
    let model = try #require(try Subject.model() as? RecurrentClassifier)
    let names = model.parameters.map(\.name).filter { $0.hasPrefix("pooling.") }
    #expect(names == ["pooling.projection.weight", "pooling.projection.bias", "pooling.context"])
    let tensors = Dictionary(uniqueKeysWithValues: model.namedTensors.map { ($0.name, $0.tensor) })
    let states = model.encoder(model.embedding(PackedTokens(Subject.sequences)))
    let weight = try #require(tensors["pooling.projection.weight"])
    let bias = try #require(tensors["pooling.projection.bias"])
    let context = try #require(tensors["pooling.context"])
    let scores = matmul(
      tanh(linear(states.output.values, weight: weight, bias: bias)), context, transposingRight: true)
    let weights = states.output.replacingValues(scores).softmax()
    let expected = states.output.replacingValues(states.output.values * weights.values).sum()
    #expect(model.pooling(states).isIdentical(to: expected))
  }

  /// Entmax joins softmax (α = 1) and sparsemax (α = 2); the context vector's own path agrees with that over pairs.
  @Test func entmaxBeginsAsSoftmaxAndEndsAsSparsemax() throws {
    func logits(_ change: (inout ClassifierConfiguration) -> Void) throws -> Tensor {
      let model = try Subject.model(.bigru, change).converted(to: .float64)
      return model(PackedTokens(Subject.sequences), .inference)
    }
    for score in [nil, .additive] as [AttentionScoreKind?] {
      let softmax = try logits { $0.attentionScore = score }
      let sparsemax = try logits { ($0.attentionScore, $0.attentionDistribution) = (score, .sparsemax) }
      let first = try logits {
        ($0.attentionScore, $0.attentionDistribution, $0.attentionAlpha) = (score, .entmax, 1)
      }
      let second = try logits {
        ($0.attentionScore, $0.attentionDistribution, $0.attentionAlpha) = (score, .entmax, 2)
      }
      #expect(Disagreement(first, softmax).isSmall && Disagreement(second, sparsemax).isSmall)
      #expect(!Disagreement(softmax, sparsemax).isSmall)
    }
  }

  @Test(arguments: AttentionScoreKind.allCases) func aSentenceAloneEqualsItInABatch(_ score: AttentionScoreKind) throws
  {
    let model = try Subject.model { ($0.attentionScore, $0.attentionDistribution) = (score, .entmax) }
    let all = model(PackedTokens(Subject.sequences), .inference)
    for (row, sequence) in Subject.sequences.enumerated() {
      let alone = model(PackedTokens([sequence]), .inference)
      #expect(alone.isIdentical(to: all.sliced(row..<row + 1, axis: 0)))
    }
  }

  /// Words past the places of a score by location would have no weight.
  @Test(arguments: [ClassifierKind.bigru, .hierarchical]) func locationsHaveAnEnd(_ kind: ClassifierKind) throws {
    let change: (inout ClassifierConfiguration) -> Void = { ($0.attentionScore, $0.maximumPositions) = (.location, 7) }
    #expect(Subject.configuration(kind, change).longestSentence == 7)
    #expect(try Subject.model(kind, change).parameters.contains { $0.tensor.shape[0] == 7 })
    #expect(Subject.configuration(kind) { $0.maximumPositions = 7 }.longestSentence == nil)
    #expect(
      Subject.configuration { ($0.pooling, $0.attentionScore) = (.max, .location) }.longestSentence == nil)
  }

  @Test func functionsThatNothingUsesAreRefused() throws {
    let cases: [(kind: ClassifierKind, place: String, change: (inout ClassifierConfiguration) -> Void)] = [
      (.bilstm, "model.attentionScore", { ($0.pooling, $0.attentionScore) = (.max, .dot) }),
      (.mean, "model.attentionDistribution", { $0.attentionDistribution = .sparsemax }),
      (.transformer, "model.attentionScore", { $0.attentionScore = .cosine }),
      (.bilstm, "model.attentionAlpha", { $0.attentionAlpha = 2 }),
    ]
    for (kind, place, change) in cases {
      var configuration = ClassificationConfiguration()
      configuration.model = Subject.configuration(kind, change)
      let failure = #expect(throws: Failure.self) {
        try ClassificationConfiguration.settings.refuseUnread(configuration)
      }
      #expect(failure?.kind == .configuration && failure?.place == place, "\(kind): \(String(describing: failure))")
    }
  }

  @Test(arguments: [0.5, 65, .nan]) func anAlphaThatIsNoneIsRefused(_ alpha: Double) {
    let failure = #expect(throws: Failure.self) {
      try Subject.model(.hierarchical) { ($0.attentionAlpha, $0.attentionDistribution) = (alpha, .entmax) }
    }
    #expect(failure?.kind == .configuration && failure?.place == "model.attentionAlpha")
  }
}

@Suite struct HierarchicalClassifierTests {
  private typealias Subject = StateAttentionSubject

  /// Documents of one to three sentences, with breaks between.
  private static let documents: [[Int32]] = [[3, 4, 0, 5, 6, 7, 0, 2], [8], [2, 9, 0, 2], [5, 0, 5, 5]]

  @Test func documentsAreTakenApartAtBreaks() {
    let tokens = DocumentTokens(PackedTokens([[3, 4, 0, 5], [6], [0, 7, 0, 0, 8, 0], [0, 0]]))
    #expect(tokens.sentences.sequences == [[3, 4], [5], [6], [7], [8], [1]])
    #expect(tokens.documents == [0, 0, 1, 2, 2, 3])
  }

  @Test(
    arguments: [
      { _ in }, { ($0.attentionScore, $0.attentionDistribution) = (.general, .sparsemax) }, { $0.cell = .lstm },
      { $0.layerCount = 2 },
    ] as [@Sendable (inout ClassifierConfiguration) -> Void])
  func gradientEqualsFiniteDifferences(_ change: @Sendable (inout ClassifierConfiguration) -> Void) throws {
    let model = try Subject.model(.hierarchical, change)
    for (parameter, disagreement) in Subject.disagreements(of: model, HierarchicalClassifierTests.documents) {
      #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
    }
  }

  @Test func aDocumentAloneEqualsItInABatch() throws {
    let model = try Subject.model(.hierarchical)
    let all = model(PackedTokens(HierarchicalClassifierTests.documents), .inference)
    for (row, document) in HierarchicalClassifierTests.documents.enumerated() {
      let alone = model(PackedTokens([document]), .inference)
      #expect(alone.isIdentical(to: all.sliced(row..<row + 1, axis: 0)))
    }
  }

  /// Where sentences end matters, and so does their order; breaks that enclose nothing do not.
  @Test func sentencesAreRead() throws {
    let model = try Subject.model(.hierarchical)
    func logits(_ document: [Int32]) -> Tensor { model(PackedTokens([document]), .inference) }
    let two = logits([3, 4, 0, 5, 6])
    #expect(!two.isIdentical(to: logits([3, 4, 5, 6])))
    #expect(!two.isIdentical(to: logits([3, 0, 4, 5, 6])))
    #expect(!two.isIdentical(to: logits([5, 6, 0, 3, 4])))
    #expect(two.isIdentical(to: logits([0, 3, 4, 0, 0, 5, 6, 0])))
    #expect(logits([0, 0]).isIdentical(to: logits([1])))
  }

  /// What a bundle is judged by before memory is taken never exceeds the truth.
  @Test(arguments: [1, 2, 3]) func theLeastNumberOfWeightsIsNoMoreThanThereAre(_ layers: Int) throws {
    for cell in [nil, .lstm, .rnn] as [RecurrentCellKind?] {
      let configuration = Subject.configuration(.hierarchical) {
        ($0.layerCount, $0.cell, $0.hiddenSize, $0.embeddingSize) = (layers, cell, 7, 5)
      }
      let model = try ClassifierKind.hierarchical.makeClassifier(configuration, key: RandomKey(seed: 1))
      let count = Double(model.parameterCount)
      #expect(configuration.leastWeightCount <= count && configuration.leastWeightCount > 0.3 * count)
    }
  }
}
