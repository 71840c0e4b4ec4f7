// A classifier over labelled sentences.

import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueTensor

/// What a classifier said of each sentence, and how good it was.
public struct ClassificationEvaluation: Sendable {
  public let record: EvaluationRecord
  /// Probabilities of the classes for each sentence.
  public let probabilities: [[Double]]
  public let predictions: [Int]

  /// Evaluates in batches of sentences of similar length; the result does not depend on the batches.
  public init(
    of model: some TextClassifier, on sentences: [EncodedSentence], labels: [String], batchSize: Int = 256
  ) {
    let order = sentences.indices.sorted { (sentences[$0].ids.count, $0) < (sentences[$1].ids.count, $1) }
    var probabilities = [[Double]](repeating: [], count: sentences.count)
    var losses = [Double](repeating: 0, count: sentences.count)
    for start in stride(from: 0, to: order.count, by: batchSize) {
      let batch = Array(order[start..<min(start + batchSize, order.count)])
      let logits = model(PackedTokens(batch.map { sentences[$0].ids }), .inference).converted(to: .float64)
      let logarithms = logSoftmax(logits).doubles
      for (row, index) in batch.enumerated() {
        let values = logarithms[row * labels.count..<(row + 1) * labels.count]
        losses[index] = -values[values.startIndex + sentences[index].label]
        probabilities[index] = exp(Tensor(Array(values), shape: [labels.count])).doubles
      }
    }
    var confusion = ConfusionMatrix(labels: labels)
    predictions = probabilities.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    for (sentence, prediction) in zip(sentences, predictions) {
      confusion.add(truth: sentence.label, prediction: prediction)
    }
    self.probabilities = probabilities
    record = EvaluationRecord(loss: losses.reduce(0, +) / Double(max(1, losses.count)), confusion: confusion)
  }
}
