// One part of a translation run's data: pairs as text and as ids.

import EnsueBundle
import EnsueData

/// The pairs to train, validate or test on.
public struct TranslationPart: Sendable {
  public let pairs: [SentencePair]
  /// The same as ids, with what the vocabularies do not know.
  public let encoded: EncodedDataset
  /// The file or data set, for messages.
  public let place: String
  /// What was dropped or changed when it was read, a line each.
  public let changes: [String]
  private let codecs: TranslationCodecs

  public init(_ dataset: ParallelDataset, _ codecs: TranslationCodecs) {
    pairs = dataset.pairs
    encoded = EncodedDataset(dataset, source: codecs.source, target: codecs.target)
    place = dataset.report.files.first?.path ?? dataset.name
    changes = dataset.report.changes
    self.codecs = codecs
  }

  /// The first pairs.
  package func prefix(_ count: Int) -> TranslationPart {
    TranslationPart(
      ParallelDataset(name: encoded.name, pairs: Array(pairs.prefix(count)), report: ParallelReport()), codecs)
  }
}
