// A sentence classifier with all it needs to read text, however it was made: what commands use.

import EnsueFiles
import EnsueLayers
import EnsueModels
import EnsueTensor

/// A classifier that ships.
public protocol TextClassifierBundle: Sendable {
  /// The classes in the order of the logits.
  var labels: [String] { get }
  /// The model as tables name it.
  var title: String { get }
  var classifier: any TextClassifier { get }

  /// What the model reads of a text, cut to the length it has places for, and how many tokens the text has.
  func read(ids text: String) -> (ids: [Int32], tokenCount: Int)

  /// Writes the folder; each file appears whole or not at all.
  func write(to folder: String) throws
}

extension TextClassifierBundle {
  /// Probabilities of the classes for each text, in the order of `labels`.
  public func probabilities(of texts: [String]) -> [[Double]] {
    let ids = texts.map { read(ids: $0).ids }
    var probabilities = [[Double]](repeating: [], count: texts.count)
    for batch in LengthSortedBatches.batches(of: ids.map(\.count)) {
      let tokens = PackedTokens(batch.map { ids[$0] })
      let values = softmax(classifier(tokens, .inference).converted(to: .float64)).doubles
      for (row, index) in batch.enumerated() {
        probabilities[index] = Array(values[row * labels.count..<(row + 1) * labels.count])
      }
    }
    return probabilities
  }

  /// Label and probabilities of one text.
  public func classify(_ text: String) -> (label: String, probabilities: [Double]) {
    let probabilities = probabilities(of: [text])[0]
    let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
    return (labels[best], probabilities)
  }
}

extension ClassifierBundle: TextClassifierBundle {
  public var title: String { architecture.kind.title }
  public var classifier: any TextClassifier { model }

  public func read(ids text: String) -> (ids: [Int32], tokenCount: Int) { encoder.encode(text) }
}
