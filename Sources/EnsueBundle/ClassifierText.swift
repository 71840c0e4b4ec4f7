// What is classified, and what a model reads of it.

import EnsueLayers
import EnsueModels
import EnsueTensor

/// A text, or a pair of texts.
public struct ClassifierText: Sendable, Equatable {
  public let text: String
  /// The second text of a pair.
  public let pair: String?

  public init(_ text: String, _ pair: String? = nil) { (self.text, self.pair) = (text, pair) }
}

/// A text or a pair as a model reads it.
public struct EncodedText: Sendable, Equatable {
  /// With the tokens around, cut to the length that the model has places for.
  public let ids: [Int32]
  /// The number of the text that each token is of; nil where all are of the first.
  public let types: [Int32]?
  /// How many tokens there are where nothing is cut.
  public let tokenCount: Int
  /// Whether tokens were cut off.
  public let isCut: Bool

  /// - Parameter isCut: nil for whether there are fewer ids than tokens.
  public init(ids: [Int32], types: [Int32]? = nil, tokenCount: Int, isCut: Bool? = nil) {
    (self.ids, self.types, self.tokenCount) = (ids, types, tokenCount)
    self.isCut = isCut ?? (ids.count < tokenCount)
  }
}

extension EncoderInput {
  /// A batch of texts, or of pairs.
  public init(_ texts: [EncodedText]) {
    let hasPairs = texts.contains { $0.types != nil }
    self.init(
      texts.map(\.ids), types: hasPairs ? texts.map { $0.types ?? $0.ids.map { _ in 0 } } : nil)
  }
}

extension TextClassifier {
  /// The scores of texts, [texts, outputs] in 64 bits, in inference. Texts of similar length are read together; the result
  /// does not depend on it.
  /// - Parameter check: called for each batch; what it throws ends the work.
  /// - Precondition: there is a text.
  package func scores(of texts: [EncodedText], check: () throws -> Void) rethrows -> Tensor {
    var values: [Double] = []
    var width = 0
    for batch in LengthSortedBatches.batches(of: texts.map(\.ids.count)) {
      try check()
      let scores = self(EncoderInput(batch.map { texts[$0] }), .inference).converted(to: .float64)
      if values.isEmpty {
        width = scores.shape[1]
        values = [Double](repeating: 0, count: texts.count * width)
      }
      let found = scores.doubles
      for (row, index) in batch.enumerated() {
        values.replaceSubrange(index * width..<(index + 1) * width, with: found[row * width..<(row + 1) * width])
      }
    }
    return Tensor(values, shape: [texts.count, width])
  }
}
