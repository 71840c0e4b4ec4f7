// "The food was good, not bad at all" against "The food was bad, not good at all": the same words in another order.
// Every training and test sentence has such a twin of the opposite class, so that no classifier that only counts
// words can do better than chance.

import EnsueBundle
import EnsueData
import EnsueEvaluation
import EnsueLayers
import EnsueModels
import EnsueReport
import EnsueTasks
import EnsueText
import EnsueTraining

/// The word-order experiment (SPEC I3): baselines and sequence models on the generated reviews.
public struct WordOrderExperiment: Sendable {
  public let sweep: ClassificationSweep

  /// - Parameters:
  ///   - models: by default every kind of classifier in one direction, and the bidirectional LSTM.
  ///   - folder: receives a run folder for each.
  public init(
    models: [ClassifierKind] = [.bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .gru, .lstm, .bilstm],
    seeds: Int = 1, in folder: String
  ) throws {
    sweep = try ClassificationSweep(WordOrderExperiment.configuration, models: models, seeds: seeds, in: folder)
  }

  /// What all runs share.
  public static var configuration: ClassificationConfiguration {
    var configuration = ClassificationConfiguration()
    configuration.data.dataset = .reviews
    configuration.text.tokenizer = .whitespace
    configuration.model.embeddingSize = 32
    configuration.model.hiddenSize = 64
    configuration.model.pooling = .last
    configuration.optimizer.learningRate = 4e-3
    configuration.training.batchSize = 64
    configuration.training.epochs = 14
    configuration.training.metric = .accuracy
    configuration.training.patience = 6
    return configuration
  }

  /// Each classifier on the named pairs: how many of the sentences it gets right.
  public func pairTable() throws -> TextTable {
    let bundles = try sweep.runs.map { try ClassifierBundle(contentsOf: $0.folder.path) }
    let columns =
      [TextTable.Column("sentence"), TextTable.Column("meaning")] + sweep.runs.map { TextTable.Column($0.folder.name) }
    let rows = WordOrder.pairs.flatMap { pair in
      [(pair.positive, "positive"), (pair.negative, "negative")].map { text, meaning in
        [text, meaning]
          + bundles.map { bundle in
            let (label, _) = bundle.classify(text)
            return label == meaning ? "right" : "wrong"
          }
      }
    }
    return TextTable(columns: columns, rows: rows)
  }

  /// What is seen, in words, from the accuracies.
  public static func conclusion(_ records: [RunRecord]) -> String {
    let sorted = records.sorted { $0.accuracy < $1.accuracy }
    guard let worst = sorted.first, let best = sorted.last else { return "No run has a result." }
    return """
      Every sentence of the test data has a twin of the same words and the opposite class, and shares no sentence \
      with the training data. \(worst.model) stays at \(Format.percent(worst.accuracy)): what only counts words is at \
      chance by construction. \(best.model) reaches \(Format.percent(best.accuracy)): reading the words in order is \
      what makes the difference.
      """
  }
}
