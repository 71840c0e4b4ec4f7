// The sentences of a run as its model reads them, with what is to be said about them.

import EnsueBundle
import EnsueData
import EnsueModels

/// A sentence or a pair as a model reads it, with its label.
public struct EncodedSentence: Sendable, Equatable {
  public let text: EncodedText
  public let label: Int
  /// The label where labels are numbers.
  public let number: Double?

  init(_ text: EncodedText, _ example: LabelledExample) {
    (self.text, label, number) = (text, example.label, example.number)
  }
}

extension EncoderTargets {
  /// The labels of sentences: all are classes, or all numbers.
  init(_ sentences: [EncodedSentence]) {
    let numbers = sentences.compactMap(\.number)
    self = numbers.isEmpty ? .classes(sentences.map(\.label)) : .numbers(numbers)
  }
}

/// The data of a run, ready for training.
public struct ClassificationData: Sendable {
  public let splits: DataSplits
  public let training: [EncodedSentence]
  public let validation: [EncodedSentence]
  public let test: [EncodedSentence]
  /// What a user should know about the data, a line each.
  public let notes: [String]

  /// How a text or a pair becomes what a model reads.
  typealias Reading = (ClassifierText) -> EncodedText

  /// - Parameters:
  ///   - notes: of how texts are read.
  ///   - limit: tokens of a sentence that are kept; nil for all.
  ///   - read: each text.
  init(_ splits: DataSplits, notes readingNotes: [String], limit: Int?, read: Reading) {
    var notes: [String] = []
    for part in splits.parts {
      notes.append("\(part.name): \(part.count) \(part.hasPairs ? "pairs" : "sentences")")
      notes += part.labelLines.map { "  " + $0 }
    }
    notes += Set(splits.parts.flatMap { $0.report.notes }).sorted()
    notes += readingNotes
    func encode(_ dataset: LabelledDataset) -> [EncodedSentence] {
      if dataset.isEmpty { return [] }
      let sentences = dataset.examples.map { EncodedSentence(read($0.content), $0) }
      notes.append("\(dataset.name), lengths in tokens:")
      notes += LengthStatistics(sentences.map(\.text.tokenCount)).lines(limit: limit).map { "  " + $0 }
      let empty = sentences.count { $0.text.tokenCount == 0 }
      if empty > 0 { notes.append("  \(empty) without a token: read as one unknown word") }
      return sentences
    }
    training = encode(splits.training)
    validation = encode(splits.validation)
    test = splits.test.map { encode($0) } ?? []
    (self.splits, self.notes) = (splits, notes)
  }
}

extension LabelledExample {
  /// What is classified.
  var content: ClassifierText { ClassifierText(text, pair) }
}
