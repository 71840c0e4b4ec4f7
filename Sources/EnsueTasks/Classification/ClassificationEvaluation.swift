// A model over labelled sentences.

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

  /// - Parameters:
  ///   - sentences: with labels of `map`.
  ///   - map: from the model's classes to the labels of the sentences.
  ///   - check: called for each batch; what it throws ends the evaluation.
  public init(
    of model: some TextClassifier, on sentences: [EncodedSentence], map: LabelMap, check: () throws -> Void = {}
  ) throws {
    let labels = map.labels
    var probabilities: [[Double]] = []
    var losses: [Double] = []
    if !sentences.isEmpty {
      let scores = try logSoftmax(model.scores(of: sentences.map(\.text), check: check))
      let (logarithms, classCount) = (scores.doubles, scores.shape[1])
      for (row, sentence) in sentences.enumerated() {
        let values = map.logarithms(Array(logarithms[row * classCount..<(row + 1) * classCount]))
        losses.append(-values[sentence.label])
        probabilities.append(exp(Tensor(values, shape: [labels.count])).doubles)
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

/// What a model said of each sentence, and how good it was.
public enum SentenceEvaluation: Sendable {
  case classes(ClassificationEvaluation)
  /// A number for each sentence.
  case numbers([Double], RegressionMetrics)

  /// Evaluates in batches of sentences of similar length; the result does not depend on the batches.
  /// - Parameters:
  ///   - sentences: with labels of `map`, or with numbers.
  ///   - map: from the model's classes to the labels of the sentences.
  ///   - check: called for each batch; what it throws ends the evaluation.
  public init(
    of model: some TextClassifier, on sentences: [EncodedSentence], map: LabelMap, check: () throws -> Void = {}
  ) throws {
    switch EncoderTargets(sentences) {
    case .classes: self = .classes(try ClassificationEvaluation(of: model, on: sentences, map: map, check: check))
    case .numbers(let truths):
      let found = try model.scores(of: sentences.map(\.text), check: check).doubles
      self = .numbers(found, RegressionMetrics(truths: truths, predictions: found))
    }
  }

  public var summary: EvaluationSummary {
    switch self {
    case .classes(let evaluation): evaluation.record.summary
    case .numbers(_, let metrics): metrics.summary
    }
  }

  /// The line of a run log.
  var event: TestEvent {
    switch self {
    case .classes(let evaluation): TestEvent(evaluation.record)
    case .numbers(_, let metrics): TestEvent(summary: metrics.summary)
    }
  }
}
