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
  /// What began anew, and what of the files was not used.
  var report: WeightReport { get }

  /// What the model reads of a text or a pair.
  func read(_ text: ClassifierText) -> EncodedText

  /// Writes the folder; each file appears whole or not at all.
  func write(to folder: String) throws
}

extension TextClassifierBundle {
  /// Probabilities of the classes for each text, in the order of `labels`.
  public func probabilities(of texts: [ClassifierText]) -> [[Double]] { probabilities(ofRead: texts.map { read($0) }) }

  /// The same of texts as the model reads them.
  package func probabilities(ofRead texts: [EncodedText]) -> [[Double]] {
    guard !texts.isEmpty else { return [] }
    let values = softmax(classifier.scores(of: texts) {}).doubles
    return texts.indices.map { Array(values[$0 * labels.count..<($0 + 1) * labels.count]) }
  }

  /// What a model of a number says of each text.
  public func numbers(of texts: [ClassifierText]) -> [Double] { numbers(ofRead: texts.map { read($0) }) }

  /// The same of texts as the model reads them.
  package func numbers(ofRead texts: [EncodedText]) -> [Double] {
    texts.isEmpty ? [] : classifier.scores(of: texts) {}.doubles
  }

  /// Label and probabilities of one text, or of a pair.
  public func classify(_ text: String, pair: String? = nil) -> (label: String, probabilities: [Double]) {
    let probabilities = probabilities(of: [ClassifierText(text, pair)])[0]
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    return (labels[best], probabilities)
  }
}

extension ClassifierBundle: TextClassifierBundle {
  public var title: String { architecture.title }
  public var classifier: any TextClassifier { model }
  /// Empty: the weights of a bundle of Ensue's are the model's.
  public var report: WeightReport { WeightReport() }

  public var problem: PretrainedProblemKind { .singleLabel }
  public var readsPairs: Bool { architecture.kind.readsPairs }

  public func read(_ text: ClassifierText) -> EncodedText { encoder.encode(text) }
}
