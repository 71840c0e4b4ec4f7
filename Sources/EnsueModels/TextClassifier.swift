// What every sentence classifier is.

import EnsueLayers
import EnsueTensor

/// From the tokens of a batch to a score for each class.
public protocol TextClassifier: Module {
  /// - Returns: logits, [batch, classes], in the caller's order.
  func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor

  /// What training needs: the logits, and what is added to the loss.
  func output(_ tokens: PackedTokens, _ phase: Phase) -> ClassifierOutput
}

/// A classifier's scores with what its regularisers cost.
public struct ClassifierOutput: Sendable {
  /// [batch, classes], in the caller's order.
  public let logits: Tensor
  /// A number; nil for none.
  public let penalty: Tensor?

  public init(logits: Tensor, penalty: Tensor? = nil) { (self.logits, self.penalty) = (logits, penalty) }
}

extension TextClassifier {
  public func output(_ tokens: PackedTokens, _ phase: Phase) -> ClassifierOutput {
    ClassifierOutput(logits: self(tokens, phase))
  }
}

extension PackedLayout {
  /// Rows that stand longest first, in the caller's order.
  func inCallersOrder(_ rows: Tensor) -> Tensor { rows.gathered(positions) }
}

extension ClassifierConfiguration {
  /// The embedding a classifier begins with.
  func makeEmbedding(_ weight: Tensor?, key: RandomKey) -> Embedding {
    if let weight { return Embedding(weight: weight, isTrained: trainsEmbedding) }
    return Embedding(
      vocabularySize: vocabularySize, featureCount: embeddingSize, isTrained: trainsEmbedding,
      key: key.derived("embedding"))
  }
}
