// One sentence, or a pair, with its class or number, and where it stood.

/// A sentence or a pair of texts, and the index of its label in the data set's `labels`.
public struct LabelledExample: Sendable, Equatable {
  /// The text, without white space at its ends.
  public let text: String
  /// The second text, in a data set of pairs.
  public let pair: String?
  /// The index of the label in `LabelledDataset.labels`; 0 where labels are numbers.
  public let label: Int
  /// The label where labels are numbers; finite.
  public let number: Double?
  /// The line the example begins on, from 1; for generated examples its number, from 1.
  public let line: Int
  /// The index of its file in `ReadingReport.files`; `nil` for a generated example.
  public let file: Int?

  public init(
    text: String, pair: String? = nil, label: Int, number: Double? = nil, line: Int, file: Int? = nil
  ) {
    self.text = text
    self.pair = pair
    self.label = label
    self.number = number
    self.line = line
    self.file = file
  }

  /// The same example under another label index.
  func labelled(_ label: Int) -> LabelledExample {
    LabelledExample(text: text, pair: pair, label: label, number: number, line: line, file: file)
  }

  /// Both texts.
  var texts: [String] { [text] + (pair.map { [$0] } ?? []) }

  /// Texts are compared byte by byte, not by Unicode's canonical equivalence.
  public static func == (left: LabelledExample, right: LabelledExample) -> Bool {
    left.label == right.label && left.number == right.number && left.line == right.line && left.file == right.file
      && left.texts.map { Array($0.utf8) } == right.texts.map { Array($0.utf8) }
  }
}
