// A sentence classifier with all it needs to read text, however it was made: what commands use.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A classifier that ships.
public protocol TextClassifierBundle: Sendable {
  /// The classes in the order of the logits; of a number one name.
  var labels: [String] { get }
  /// Whether it tells one class of several, or a number.
  var problem: PretrainedProblemKind { get }
  /// Whether it was trained on pairs of texts.
  var readsPairs: Bool { get }
  /// The model as tables name it.
  var title: String { get }
  var classifier: any TextClassifier { get }

  /// What the model reads of a text or a pair.
  func read(_ text: ClassifierText) -> EncodedText

  /// Writes the folder; each file appears whole or not at all.
  func write(to folder: String) throws
}

extension TextClassifierBundle {
  /// Probabilities of the classes for each text, in the order of `labels`.
  public func probabilities(of texts: [ClassifierText]) -> [[Double]] {
    guard !texts.isEmpty else { return [] }
    let values = softmax(classifier.scores(of: texts.map { read($0) }) {}).doubles
    return texts.indices.map { Array(values[$0 * labels.count..<($0 + 1) * labels.count]) }
  }

  /// What a model of a number says of each text.
  public func numbers(of texts: [ClassifierText]) -> [Double] {
    texts.isEmpty ? [] : classifier.scores(of: texts.map { read($0) }) {}.doubles
  }

  /// Label and probabilities of one text.
  public func classify(_ text: String) -> (label: String, probabilities: [Double]) {
    let probabilities = probabilities(of: [ClassifierText(text)])[0]
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    return (labels[best], probabilities)
  }
}

extension ClassifierBundle: TextClassifierBundle {
  public var title: String { architecture.title }
  public var classifier: any TextClassifier { model }

  public var problem: PretrainedProblemKind { .singleLabel }
  public var readsPairs: Bool { false }

  /// The first text alone.
  public func read(_ text: ClassifierText) -> EncodedText {
    let (ids, tokenCount) = encoder.encode(text.text)
    return EncodedText(ids: ids, tokenCount: tokenCount)
  }
}
