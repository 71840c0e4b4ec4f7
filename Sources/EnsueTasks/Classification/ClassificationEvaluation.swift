// A classifier over labelled sentences.

import EnsueBundle
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
  /// - Parameters:
  ///   - sentences: with labels of `map`.
  ///   - map: from the model's classes to the labels of the sentences.
  ///   - check: called for each batch; what it throws ends the evaluation.
  public init(
    of model: some TextClassifier, on sentences: [EncodedSentence], map: LabelMap, check: () throws -> Void = {}
  ) throws {
    let labels = map.labels
    var probabilities = [[Double]](repeating: [], count: sentences.count)
    var losses = [Double](repeating: 0, count: sentences.count)
    for batch in LengthSortedBatches.batches(of: sentences.map(\.ids.count)) {
      try check()
      let logits = model(PackedTokens(batch.map { sentences[$0].ids }), .inference).converted(to: .float64)
      let logarithms = logSoftmax(logits).doubles
      let classCount = logits.shape[1]
      for (row, index) in batch.enumerated() {
        let values = map.logarithms(Array(logarithms[row * classCount..<(row + 1) * classCount]))
        losses[index] = -values[sentences[index].label]
        probabilities[index] = exp(Tensor(values, shape: [labels.count])).doubles
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

  /// Of a model whose classes are the labels of the sentences.
  public init(
    of model: some TextClassifier, on sentences: [EncodedSentence], labels: [String], check: () throws -> Void = {}
  ) throws {
    try self.init(of: model, on: sentences, map: LabelMap(labels), check: check)
  }
}
