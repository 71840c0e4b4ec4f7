// The classifier of pairs of texts that attend to each other.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import Testing

@Suite struct CoAttentionTests {
  private static let pairs: [[Int32]] = [[3, 4, 0, 5], [8, 0, 2, 9, 2, 6], [2, 9, 1, 7, 5, 0, 4, 4], [6, 0, 7]]
  private static let labels = [0, 1, 1, 0]

  private static func model(
    _ change: (inout ClassifierConfiguration) -> Void = { _ in }
  ) throws -> CoAttentionClassifier {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.embeddingSize) = (.coAttention, 10, 3)
    configuration.hiddenSize = 2
    change(&configuration)
    return try #require(
      ClassifierKind.coAttention.makeClassifier(configuration, key: RandomKey(seed: 3)) as? CoAttentionClassifier)
  }

  @Test(arguments: [false, true]) func gradientEqualsFiniteDifferences(_ isTraining: Bool) throws {
    let phase = isTraining ? Phase.training(RandomKey(seed: 2)) : .inference
    // Without dropout of whole words: where all words so far are left out, states are equal and the maximum has an edge.
    let model = try Self.model { ($0.layerCount, $0.dropout) = (2, 0.2) }
    let disagreements = gradientDisagreements(of: model) {
      crossEntropy(logits: $0(PackedTokens(Self.pairs), phase), targets: Self.labels)
    }
    for (parameter, disagreement) in disagreements { #expect(disagreement.isSmall, "\(parameter): \(disagreement)") }
  }

  @Test func aPairAloneEqualsItInABatch() throws {
    let model = try Self.model()
    let all = model(PackedTokens(Self.pairs), .inference)
    for (row, pair) in Self.pairs.enumerated() {
      let alone = model(PackedTokens([pair]), .inference)
      #expect(alone.isIdentical(to: all.sliced(row..<row + 1, axis: 0)), "pair \(row)")
    }
  }

  @Test(
    arguments: [
      ([3, 4, 0, 5], [3, 4], [5]), ([3], [3], [1]), ([0, 5], [1], [5]), ([3, 0], [3], [1]), ([0], [1], [1]),
      ([3, 0, 5, 0, 6], [3], [5, 6]),
    ] as [([Int32], [Int32], [Int32])])
  func aPairIsTwoTexts(_ ids: [Int32], _ first: [Int32], _ second: [Int32]) {
    let pairs = PairTokens(PackedTokens([ids]))
    #expect(pairs.first == PackedTokens([first]) && pairs.second == PackedTokens([second]))
  }

  /// tanh(aᵀ W b) by loops over the states.
  @Test func theMapIsTheAffinityOfEveryPairOfWords() throws {
    let model = try Self.model()
    let (first, second): ([Int32], [Int32]) = ([3, 4, 6], [5, 2])
    let sentence = TokenizedSentence(ids: first + [0] + second, tokens: ["a", "b", "c", "", "d", "e"])
    let map = try #require(model.attentionMaps(of: sentence).first)
    #expect(map.level == .coAttention && map.queries == ["a", "b", "c"] && map.keys == ["d", "e"])
    func states(_ ids: [Int32]) -> [[Double]] {
      let values = model.encoder(model.embedding(PackedTokens([ids]))).output.values
      return ids.indices.map { values.sliced($0..<$0 + 1, axis: 0).doubles }
    }
    let weight = model.coAttention.affinity.weight.doubles
    for (row, a) in states(first).enumerated() {
      for (column, b) in states(second).enumerated() {
        var sum = 0.0
        for i in a.indices { for j in b.indices { sum += a[i] * weight[i * b.count + j] * b[j] } }
        let expected = tanh(Tensor([sum], shape: [1])).doubles[0]
        #expect(abs(map.weights[row][column] - expected) < 1e-5)
      }
    }
  }
}
