// sentence-latency, as in peers/sentence-latency.py: one sentence of 21 words from its ids to its logits. Look-up in a
// [20000, 50] table, one bidirectional LSTM of 100 laid out beforehand, the two true ends, linear to 2.

import Ensue

struct SentenceLatencyWorkload: Workload {
  let rows: [RowDescription]
  private let embedding: Embedding
  private let encoder: RecurrentStack
  private let output: Linear
  private let sentences: [PackedTokens]
  private var count = 0

  private static let (vocabularySize, embeddingSize, hiddenSize, words, sentenceCount) = (20_000, 50, 100, 21, 64)

  init(name: String) {
    let key = RandomKey(seed: 1)
    embedding = Embedding(
      vocabularySize: Self.vocabularySize, featureCount: Self.embeddingSize, key: key.derived("embedding"))
    encoder = RecurrentStack(
      RecurrentCellKind.lstm.formula(),
      cell: RecurrentCellConfiguration(inputSize: Self.embeddingSize, hiddenSize: Self.hiddenSize),
      RecurrentStackConfiguration(isBidirectional: true), key: key.derived("encoder")
    ).prepared()
    output = Linear(inputSize: encoder.outputSize, outputSize: 2, key: key.derived("output"))
    let ids = RandomIDs.drawn(Self.sentenceCount * Self.words, below: Self.vocabularySize)
    sentences = (0..<Self.sentenceCount).map { PackedTokens([Array(ids[$0 * Self.words..<($0 + 1) * Self.words])]) }
    let cost = RecurrentCost(
      gates: 4, input: Double(Self.embeddingSize), hidden: Double(Self.hiddenSize), directions: 2)
    rows = [
      RowDescription(
        name: name, unit: .microseconds,
        operationsPerUnit: Double(Self.words) * cost.forward + 2 * 2 * Double(encoder.outputSize))
    ]
  }

  mutating func warmUp() throws { _ = try block(seconds: 0.5) }

  /// The mean time of a sentence.
  mutating func block(seconds: Double) throws -> [Double] {
    [1e6 / repeated(seconds: seconds) { sentence() }]
  }

  private mutating func sentence() -> Double {
    let tokens = sentences[count % sentences.count]
    count += 1
    _ = output(encoder(embedding(tokens)).finalOutput)
    return 1
  }
}
