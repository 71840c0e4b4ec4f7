// What every sentence classifier is.

import EnsueLayers
import EnsueTensor

/// From the tokens of a batch to a score for each class.
public protocol TextClassifier: Module {
  /// - Returns: logits, [batch, classes], in the caller's order.
  func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor
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
