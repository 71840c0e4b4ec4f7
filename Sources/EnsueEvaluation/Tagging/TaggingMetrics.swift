// How good labels of words are, as the evaluation of CoNLL-2000 counts (Tjong Kim Sang and Buchholz, "Introduction to
// the CoNLL-2000 shared task: chunking", 2000).

/// The accuracy of labels, and precision, recall and F1 of the entities that they name.
///
/// An entity is right where kind and words are both those of the truth; one that is longer or shorter is wrong twice,
/// as found and as missed.
public struct TaggingMetrics: Sendable, Equatable {
  public let sentenceCount: Int
  public let wordCount: Int
  /// Words with the right label / words; 0 over no words.
  public let accuracy: Double
  /// Over all kinds, each entity counting once.
  public let entities: ClassMetrics
  /// By kind, in the order of their names: those that occur in truth or prediction.
  public let kinds: [ClassMetrics]

  /// - Parameters:
  ///   - truths: the labels of the words of each sentence.
  ///   - predictions: the same of what was predicted.
  /// - Precondition: as many predictions as truths, for each sentence too.
  public init(truths: [[String]], predictions: [[String]]) {
    precondition(
      truths.map(\.count) == predictions.map(\.count), "labels of words: a prediction for every truth expected")
    var correctWords = 0
    var counts: [String: (right: Int, support: Int, predicted: Int)] = [:]
    for (truth, prediction) in zip(truths, predictions) {
      correctWords += zip(truth, prediction).count { $0 == $1 }
      let (expected, found) = (LabelledSpan.spans(of: truth), LabelledSpan.spans(of: prediction))
      for span in expected { counts[span.kind, default: (0, 0, 0)].support += 1 }
      for span in found { counts[span.kind, default: (0, 0, 0)].predicted += 1 }
      for span in Set(expected).intersection(found) { counts[span.kind, default: (0, 0, 0)].right += 1 }
    }
    sentenceCount = truths.count
    wordCount = truths.reduce(0) { $0 + $1.count }
    accuracy = Double(correctWords) / Double(max(1, wordCount))
    kinds = counts.sorted { $0.key < $1.key }.map { kind, count in
      ClassMetrics(
        label: kind, truePositives: count.right, support: count.support, predicted: count.predicted)
    }
    let all = counts.values.reduce((right: 0, support: 0, predicted: 0)) {
      ($0.right + $1.right, $0.support + $1.support, $0.predicted + $1.predicted)
    }
    entities = ClassMetrics(
      label: "all", truePositives: all.right, support: all.support, predicted: all.predicted)
  }
}
