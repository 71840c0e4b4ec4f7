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
  ///   - configuration: what all runs share.
  ///   - folder: receives a run folder for each.
  public init(
    _ configuration: ClassificationConfiguration = WordOrderExperiment.patient,
    models: [ClassifierKind] = [.bagOfWords, .positionOneHot, .nGram, .mean, .meanMax, .rnn, .gru, .lstm, .bilstm],
    seeds: Int = 1, in folder: String
  ) throws {
    sweep = try ClassificationSweep(configuration, models: models, seeds: seeds, in: folder)
  }

  /// Slow enough steps, and enough patience with the plateau at the beginning, for the simple recurrent network too.
  public static var patient: ClassificationConfiguration {
    var configuration = quick
    configuration.optimizer.learningRate = 1e-3
    configuration.training.epochs = 40
    configuration.training.patience = 15
    return configuration
  }

  /// Steps at which an LSTM learns in seconds, and a simple recurrent network does not learn at all.
  public static var quick: ClassificationConfiguration {
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

  /// What is seen, in words: accuracies by what a classifier can know of the order of words.
  public static func conclusion(_ records: [RunRecord]) -> String {
    let groups = RunGroup.groups(of: records)
    func accuracies(_ kinds: [ClassifierKind]) -> String? {
      let found = groups.filter { group in kinds.contains { $0.title == group.model } }
      guard !found.isEmpty else { return nil }
      return found.map { "\($0.model) \(Format.percent($0.spread(of: .accuracy).mean))" }.joined(separator: ", ")
    }
    let counting: [ClassifierKind] = [.bagOfWords, .mean, .meanMax]
    let partial: [ClassifierKind] = [.positionOneHot, .nGram]
    let reading = ClassifierKind.allCases.filter { $0.cell != nil }
    let parts = [
      accuracies(counting).map { "What only counts words is at chance by construction: \($0)." },
      accuracies(partial).map { "What sees words at places, or short runs of words: \($0)." },
      accuracies(reading).map { "What reads the words in order: \($0)." },
    ]
    return """
      Every sentence of the test data has a twin of the same words and the opposite class, and none of them is in the \
      training data. \(parts.compactMap { $0 }.joined(separator: " "))
      """
  }
}
