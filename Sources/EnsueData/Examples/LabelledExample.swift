// One sentence with its class, and where it stood.

/// A sentence and the index of its label in the data set's `labels`.
public struct LabelledExample: Sendable, Equatable {
  /// The text, without white space at its ends.
  public let text: String
  /// The index of the label in `LabelledDataset.labels`.
  public let label: Int
  /// The line the example begins on, from 1; for generated examples its number, from 1.
  public let line: Int
  /// The index of its file in `ReadingReport.files`; `nil` for a generated example.
  public let file: Int?

  public init(text: String, label: Int, line: Int, file: Int? = nil) {
    self.text = text
    self.label = label
    self.line = line
    self.file = file
  }

  /// The same example under another label index.
  func labelled(_ label: Int) -> LabelledExample { LabelledExample(text: text, label: label, line: line, file: file) }

  /// Texts are compared byte by byte, not by Unicode's canonical equivalence.
  public static func == (left: LabelledExample, right: LabelledExample) -> Bool {
    left.label == right.label && left.line == right.line && left.file == right.file
      && left.text.utf8.elementsEqual(right.text.utf8)
  }
}
