// pipeline, as in peers/pipeline.py: from MR's files to a validated classifier, everything counted.

import Ensue

struct PipelineWorkload: Workload {
  let rows: [RowDescription]
  private let folder: String

  private static let (embeddingSize, hiddenSize, batchSize) = (50, 100, 128)
  private static let warmUpSentences = 512

  init(name: String, _ places: Places) throws {
    folder = try places.movieReviews()
    // Four fifths of the sentences are trained on, one fifth is read once.
    let cost = RecurrentCost(
      gates: 4, input: Double(Self.embeddingSize), hidden: Double(Self.hiddenSize), directions: 2)
    rows = [
      RowDescription(
        name: name, unit: .tokensPerSecond,
        operationsPerUnit: 0.8 * cost.training(inputGradient: true) + 0.2 * cost.forward)
    ]
  }

  mutating func warmUp() throws { _ = try run(limit: Self.warmUpSentences) }

  /// The whole way once, whatever `seconds` says.
  mutating func block(seconds: Double) throws -> [Double] {
    let start = now()
    let tokens = try run(limit: .max)
    return [Double(tokens) / (now() - start)]
  }

  /// - Returns: the tokens of both portions.
  private func run(limit: Int) throws -> Int {
    let sentences = try ReviewSentences.read(folder).prefix(limit)
    let training = sentences.enumerated().filter { $0.offset % 5 != 4 }.map(\.element)
    let validation = sentences.enumerated().filter { $0.offset % 5 == 4 }.map(\.element)
    let vocabulary = try ReviewSentences.vocabulary(training)
    let data = [training, validation].map { ReviewSentences.encoded($0, vocabulary) }
    let key = RandomKey(seed: 1)
    var classifier = try makeTraining(configuration(vocabulary), key: key)
    for rows in Self.batches(data[0], key.derived("order")) {
      try classifier.step(ClassifierBatch(data[0], rows: rows))
    }
    let byLength = data[1].ids.indices.sorted { (data[1].ids[$0].count, $0) < (data[1].ids[$1].count, $1) }
    let correct = Self.pieces(byLength).reduce(0) { $0 + classifier.correct(ClassifierBatch(data[1], rows: $1)) }
    // Below chance the two sides would not have done the same.
    guard limit < .max || correct * 2 > data[1].labels.count else {
      throw Failure(.internal, at: "pipeline", "a classifier better than chance expected, found \(correct) right")
    }
    return data.reduce(0) { $0 + $1.tokenCount }
  }

  private func configuration(_ vocabulary: Vocabulary) -> ClassifierConfiguration {
    var configuration = ClassifierConfiguration()
    configuration.kind = .bilstm
    configuration.vocabularySize = vocabulary.count
    configuration.embeddingSize = Self.embeddingSize
    configuration.hiddenSize = Self.hiddenSize
    configuration.pooling = .max
    configuration.dropout = 0.3
    return configuration
  }

  /// Batches of similar length in random order: shuffled, sorted by length, cut, the pieces shuffled.
  private static func batches(_ data: EncodedReviews, _ key: RandomKey) -> [[Int]] {
    let shuffled = key.derived("sentences").permutation(data.ids.count)
    let position = shuffled.indices.sorted {
      (data.ids[shuffled[$0]].count, $0) < (data.ids[shuffled[$1]].count, $1)
    }
    let cut = pieces(position.map { shuffled[$0] })
    return key.derived("batches").permutation(cut.count).map { cut[$0] }
  }

  private static func pieces(_ rows: [Int]) -> [[Int]] {
    stride(from: 0, to: rows.count, by: batchSize).map { Array(rows[$0..<min($0 + batchSize, rows.count)]) }
  }
}
