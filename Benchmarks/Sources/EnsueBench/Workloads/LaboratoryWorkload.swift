// lab-lstm and lab-bilstm, as in peers/laboratory.py: MR, frozen random vectors, one recurrent layer of 100, last
// states, linear to 2, cross entropy, Adam; batches of 128 in a new order every epoch.

import Ensue

struct LaboratoryWorkload: Workload {
  let rows: [RowDescription]
  private let data: EncodedReviews
  private let order: BatchOrder
  private var training: any ClassifierTraining
  private var batches: [[Int]] = []
  private var epoch = 0

  private static let (vocabularySize, embeddingSize, hiddenSize, batchSize) = (20_000, 50, 100, 128)

  init(_ kind: ClassifierKind, name: String, _ places: Places) throws {
    let key = RandomKey(seed: 1)
    let sentences = try ReviewSentences.read(try places.movieReviews())
    let vocabulary = try ReviewSentences.vocabulary(sentences, sizeLimit: Self.vocabularySize)
    data = Self.withoutUnknown(ReviewSentences.encoded(sentences, vocabulary))
    order = BatchOrder(exampleCount: data.ids.count, batchSize: Self.batchSize, key: key.derived("order"))
    var configuration = ClassifierConfiguration()
    configuration.kind = kind
    configuration.vocabularySize = Self.vocabularySize
    configuration.embeddingSize = Self.embeddingSize
    configuration.trainsEmbedding = false
    configuration.hiddenSize = Self.hiddenSize
    configuration.pooling = .last
    let table = Tensor.normal([Self.vocabularySize, Self.embeddingSize], key: key.derived("table"))
    training = try makeTraining(configuration, embedding: table, key: key)
    let cost = RecurrentCost(
      gates: 4, input: Double(Self.embeddingSize), hidden: Double(Self.hiddenSize),
      directions: kind.isBidirectional ? 2 : 1)
    rows = [
      RowDescription(
        name: name, unit: .tokensPerSecond, operationsPerUnit: cost.training(inputGradient: false))
    ]
  }

  /// Ensue trains the unknown word's row even where the others are frozen; the peer's table is frozen whole. Words
  /// beyond the table (730 of 210,156) read another frozen row, so that both do the same work.
  private static func withoutUnknown(_ data: EncodedReviews) -> EncodedReviews {
    let replacement = Int32(Vocabulary.paddingID)
    let ids = data.ids.map { $0.map { $0 == Int32(Vocabulary.unknownID) ? replacement : $0 } }
    return EncodedReviews(ids: ids, labels: data.labels)
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] { [try repeated(seconds: seconds) { try step() }] }

  private mutating func step() throws -> Double {
    if batches.isEmpty {
      batches = order.batches(epoch: epoch).reversed()
      epoch += 1
    }
    let batch = ClassifierBatch(data, rows: batches.removeLast())
    try training.step(batch)
    return Double(batch.tokenCount)
  }
}
