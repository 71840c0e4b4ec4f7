// The laboratory's baselines: pooled word vectors.

import EnsueLayers
import EnsueTensor

/// u = (1/N) Σ e_i, or [mean ‖ max] of the e_i; r = ReLU(W u + b); logits = V r + c.
///
/// N is the true length of the sentence.
public struct PoolingClassifier: TextClassifier {
  var embedding: WordEmbedding
  var hidden: Linear
  var output: Linear
  let usesMaximum: Bool
  let dropout: Dropout

  init(_ configuration: ClassifierConfiguration, usesMaximum: Bool, embeddings weights: [Tensor], key: RandomKey) {
    embedding = configuration.makeEmbedding(weights, key: key)
    self.usesMaximum = usesMaximum
    let width = embedding.featureCount * (usesMaximum ? 2 : 1)
    hidden = Linear(
      inputSize: width, outputSize: configuration.hiddenSize, initializer: .he, key: key.derived("hidden"))
    output = Linear(
      inputSize: configuration.hiddenSize, outputSize: configuration.classCount, key: key.derived("output"))
    dropout = Dropout(rate: configuration.dropout)
  }

  public mutating func visit(_ visitor: inout ParameterVisitor) {
    visitor.module("embedding", &embedding)
    visitor.module("hidden", &hidden)
    visitor.module("output", &output)
  }

  public func callAsFunction(_ tokens: PackedTokens, _ phase: Phase) -> Tensor {
    let words = embedding(tokens)
    let vectors = words.replacingValues(dropout(words.values, phase.derived("embedding")))
    let pooled = usesMaximum ? concatenated([vectors.mean(), vectors.maximum()]) : vectors.mean()
    let representation = dropout(relu(hidden(pooled)), phase.derived("hidden"))
    return tokens.layout.inCallersOrder(output(representation))
  }
}
