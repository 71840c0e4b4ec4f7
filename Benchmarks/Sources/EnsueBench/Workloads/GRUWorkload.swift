// gru-256, as in peers/gru-256.py: PyTorch's GRU (reset after the product) of 256, batch 64, 40 steps, no padding.

import Ensue

struct GRUWorkload: Workload {
  let rows: [RowDescription]
  private var training: any ClassifierTraining
  private let batches: [ClassifierBatch]
  private var count = 0

  private static let (vocabularySize, size, batchSize, steps, batchCount) = (5000, 256, 64, 40, 50)

  init(name: String) throws {
    let key = RandomKey(seed: 1)
    var configuration = ClassifierConfiguration()
    configuration.kind = .gru
    configuration.cell = .gruResetAfter
    configuration.vocabularySize = Self.vocabularySize
    configuration.embeddingSize = Self.size
    configuration.trainsEmbedding = false
    configuration.hiddenSize = Self.size
    configuration.pooling = .last
    let table = Tensor.normal([Self.vocabularySize, Self.size], key: key.derived("table"))
    training = try makeTraining(configuration, embedding: table, key: key)
    batches = (0..<Self.batchCount).map { Self.batch(key.derived("batches").derived($0)) }
    let size = Double(Self.size)
    let cost = RecurrentCost(gates: 3, input: size, hidden: size)
    rows = [
      RowDescription(name: name, unit: .tokensPerSecond, operationsPerUnit: cost.training(inputGradient: false))
    ]
  }

  /// Random ids and labels. Ids begin at 2: row 1, the unknown word's, is trained even where the others are frozen,
  /// and the peer's table is frozen whole.
  private static func batch(_ key: RandomKey) -> ClassifierBatch {
    let words = UInt64(vocabularySize - 2)
    let ids = (0..<batchSize).map { row in
      (0..<steps).map { step in Int32(2 + key.bits(at: row * steps + step) % words) }
    }
    let labels = (0..<batchSize).map { Int(key.derived("labels").bits(at: $0) & 1) }
    return ClassifierBatch(EncodedReviews(ids: ids, labels: labels), rows: Array(0..<batchSize))
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  mutating func block(seconds: Double) throws -> [Double] { [try repeated(seconds: seconds) { try step() }] }

  private mutating func step() throws -> Double {
    let batch = batches[count % batches.count]
    count += 1
    try training.step(batch)
    return Double(batch.tokenCount)
  }
}
