// The sentences of a run as its model reads them, with what is to be said about them.

import EnsueData

/// A sentence as a model reads it.
public struct EncodedSentence: Sendable, Equatable {
  public let ids: [Int32]
  public let label: Int
}

/// The data of a run, ready for training.
public struct ClassificationData: Sendable {
  public let splits: DataSplits
  public let training: [EncodedSentence]
  public let validation: [EncodedSentence]
  public let test: [EncodedSentence]
  /// What a user should know about the data, a line each.
  public let notes: [String]

  /// How a text becomes what a model reads: its ids, cut to a length, and how many tokens it has.
  typealias Reading = (String) -> (ids: [Int32], tokenCount: Int)

  /// - Parameters:
  ///   - notes: of how texts are read.
  ///   - limit: tokens of a sentence that are kept; nil for all.
  ///   - read: each text.
  init(_ splits: DataSplits, notes readingNotes: [String], limit: Int?, read: Reading) {
    var notes: [String] = []
    for part in splits.parts {
      notes.append("\(part.name): \(part.count) sentences")
      notes += part.classBalance.lines.map { "  " + $0 }
    }
    notes += Set(splits.parts.flatMap { $0.report.notes }).sorted()
    notes += readingNotes
    func encode(_ dataset: LabelledDataset) -> [EncodedSentence] {
      if dataset.isEmpty { return [] }
      let sentences = dataset.examples.map { (read($0.text), $0.label) }
      notes.append("\(dataset.name), lengths in tokens:")
      notes += LengthStatistics(sentences.map { $0.0.tokenCount }).lines(limit: limit).map { "  " + $0 }
      let empty = sentences.count { $0.0.tokenCount == 0 }
      if empty > 0 { notes.append("  \(empty) without a token: read as one unknown word") }
      return sentences.map { EncodedSentence(ids: $0.0.ids, label: $0.1) }
    }
    training = encode(splits.training)
    validation = encode(splits.validation)
    test = splits.test.map { encode($0) } ?? []
    (self.splits, self.notes) = (splits, notes)
  }
}
