// A training step of any sentence classifier, behind a value without type parameters: the classifiers by name come as
// `any TextClassifier`, the trainer wants to know which.

import Ensue

/// A batch as the classifiers take it.
struct ClassifierBatch: Sendable {
  let tokens: PackedTokens
  let labels: [Int]

  init(_ data: EncodedReviews, rows: [Int]) {
    tokens = PackedTokens(rows.map { data.ids[$0] })
    labels = rows.map { data.labels[$0] }
  }

  var tokenCount: Int { tokens.ids.count }
}

/// A classifier in training.
protocol ClassifierTraining {
  /// Forward, backward and update.
  mutating func step(_ batch: ClassifierBatch) throws
  /// How many sentences of a batch the classifier gets right.
  func correct(_ batch: ClassifierBatch) -> Int
}

private struct TrainerOfClassifier<Model: TextClassifier>: ClassifierTraining {
  var trainer: Trainer<Model>

  mutating func step(_ batch: ClassifierBatch) throws {
    _ = try trainer.step(on: [(batch, batch.labels.count)]) { model, batch, phase in
      crossEntropy(logits: model(batch.tokens, phase), targets: batch.labels)
    }
  }

  func correct(_ batch: ClassifierBatch) -> Int {
    let chosen = trainer.model(batch.tokens, .inference).argmax()
    return zip(chosen, batch.labels).filter { $0 == $1 }.count
  }
}

/// A new classifier with Adam at 1e-3.
func makeTraining(
  _ configuration: ClassifierConfiguration, embedding: Tensor? = nil, key: RandomKey
) throws -> any ClassifierTraining {
  func opened<Model: TextClassifier>(_ model: Model) -> any ClassifierTraining {
    var adam = OptimizerConfiguration()
    adam.kind = .adam
    adam.learningRate = 1e-3
    return TrainerOfClassifier(
      trainer: Trainer(model: model, optimizer: Optimizer(adam), key: key.derived("training")))
  }
  let model = try configuration.kind.makeClassifier(
    configuration, embeddings: embedding.map { [$0] } ?? [], key: key.derived("model"))
  return opened(model)
}
