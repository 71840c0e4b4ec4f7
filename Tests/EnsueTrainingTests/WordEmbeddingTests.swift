// Several tables of word vectors in front of a classifier.

import EnsueLayers
import EnsueModels
import EnsueTensor
import EnsueTestSupport
import EnsueTraining
import Testing

@Suite struct WordEmbeddingTests {
  private static let sequences: [[Int32]] = [[3, 4, 1, 6, 7], [8], [2, 9, 2], [5, 5]]
  private static let labels = [0, 1, 1, 0]

  private static func configuration(_ kind: ClassifierKind, widths: [Int]? = [3, 2]) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    (configuration.kind, configuration.vocabularySize, configuration.embeddingSize) = (kind, 10, 4)
    (configuration.embeddingSizes, configuration.hiddenSize, configuration.headCount) = (widths, 2, 2)
    configuration.maximumPositions = 8
    return configuration
  }

  private static func loss(_ model: some TextClassifier) -> Tensor {
    crossEntropy(logits: model(PackedTokens(sequences), .inference), targets: labels)
  }

  @Test(arguments: ClassifierKind.allCases.filter(\.hasEmbedding))
  func gradientEqualsFiniteDifferences(_ kind: ClassifierKind) throws {
    func check(_ model: some TextClassifier) {
      for (parameter, disagreement) in gradientDisagreements(of: model, loss: { Self.loss($0) }) {
        #expect(disagreement.isSmall, "\(parameter): \(disagreement)")
      }
    }
    check(try kind.makeClassifier(Self.configuration(kind), key: RandomKey(seed: 3)))
  }

  @Test(arguments: ClassifierKind.allCases) func tablesAreAmongTheWeights(_ kind: ClassifierKind) throws {
    for widths in [nil, [3, 2], [4, 4, 1]] as [[Int]?] {
      let configuration = Self.configuration(kind, widths: widths)
      let weights = try kind.makeClassifier(configuration, key: RandomKey(seed: 3)).parameters
      #expect(configuration.embeddingTables.count == (kind.hasEmbedding ? widths?.count ?? 1 : 0))
      for table in configuration.embeddingTables {
        #expect(weights.first { $0.name == table.name }?.tensor.shape.sizes == table.sizes, "\(table.name)")
      }
      #expect(weights.contains { $0.name.hasPrefix("embedding.mixture.") } == (kind.hasEmbedding && widths != nil))
      #expect(configuration.leastWeightCount <= Double(weights.reduce(0) { $0 + $1.tensor.count }))
    }
  }

  @Test func aVectorIsTheWeighedSumOfTheRows() throws {
    let model = try #require(
      ClassifierKind.gru.makeClassifier(Self.configuration(.gru), key: RandomKey(seed: 3)) as? RecurrentClassifier)
    let mixture = try #require(model.embedding.mixture)
    let found = model.embedding(PackedTokens([[7]])).values.doubles
    let projected = zip(model.embedding.tables, mixture.projections).map { table, projection in
      projection(table.weight.sliced(7..<8, axis: 0)).doubles
    }
    let scores = projected.map { vector in
      zip(vector, mixture.score.weight.doubles).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let shares = softmax(Tensor(scores, shape: [scores.count])).doubles
    for feature in 0..<4 {
      let expected = zip(shares, projected).reduce(0) { $0 + $1.0 * $1.1[feature] }
      #expect(abs(found[feature] - expected) < 1e-6)
    }
    #expect(shares.allSatisfy { $0 > 0.01 }, "each table has its share")
  }

  @Test func givenTablesAreKeptButForTheUnknownWord() throws {
    var configuration = Self.configuration(.gru)
    configuration.trainsEmbedding = false
    let tables = [3, 2].map { Tensor.normal([10, $0], key: RandomKey(seed: 5).derived($0)) }
    func trained(_ model: some TextClassifier) throws -> [(name: String, tensor: Tensor)] {
      var adam = OptimizerConfiguration()
      (adam.kind, adam.learningRate) = (.adam, 0.01)
      var trainer = Trainer(model: model, optimizer: Optimizer(adam), key: RandomKey(seed: 4))
      for _ in 0..<3 {
        _ = try trainer.step(on: [(batch: (), count: Self.labels.count)]) { model, _, _ in Self.loss(model) }
      }
      return trainer.model.namedTensors
    }
    let model = try configuration.kind.makeClassifier(configuration, embeddings: tables, key: RandomKey(seed: 3))
    let (before, after) = (model.namedTensors, try trained(model))
    for (old, new) in zip(before, after) where old.name.hasPrefix("embedding.mixture.projections") {
      #expect(!old.tensor.isIdentical(to: new.tensor), "\(old.name) is trained")
    }
    for (index, table) in tables.enumerated() {
      let new = try #require(after.first { $0.name == "embedding.tables.\(index).weight" }).tensor
      for row in 0..<10 {
        let isSame = new.sliced(row..<row + 1, axis: 0).isIdentical(to: table.sliced(row..<row + 1, axis: 0))
        #expect(isSame == (row != Embedding.unknownRow), "table \(index), row \(row)")
      }
    }
  }
}
